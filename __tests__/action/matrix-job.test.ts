import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { matrixJobOf } from "../../src/action/matrix-job.ts";
import type { Json } from "../../src/model/json.ts";

const jobOf = (matrix: { readonly [name: string]: Json }) => matrixJobOf(matrix, (text) => text);
const labelOf = (matrix: { readonly [name: string]: Json }) => jobOf(matrix)?.label;

test("a job outside of a matrix is none", () => {
  expect(matrixJobOf(null, (text) => text)).toBeNull();
});

describe("the label of a job of a matrix", () => {
  test("is its values in their order, as GitHub puts them behind the name of a job", () => {
    expect(labelOf({ gpu: "gpu-a", shards: 2, eager: true, image: "vllm 0.32" })).toBe("gpu-a, 2, true, vllm 0.32");
  });

  test.each<[string, { readonly [name: string]: Json }]>([
    ["commas", { one: "a, b", other: "c" }],
    ["nested values", { model: { name: "a", size: [1, 2] } }],
    ["nothing", { one: "", other: "a" }],
    ["null", { one: null, other: "a" }],
    ["controls", { one: "a\nb" }],
    ["more than fits", { one: "a".repeat(300) }],
  ])("ends with the job's key where %s might look like another job's", (_, matrix) => {
    const { label = "", key = "" } = jobOf(matrix) ?? {};
    expect(key).toMatch(/^[0-9a-f]{12}$/);
    expect(label.endsWith(` ${key}`)).toBe(true);
  });

  test("stays on one line of at most 100 characters, whatever a branch writes", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1, unit: "binary" }),
          fc.json().map((text) => JSON.parse(text)),
        ),
        (matrix) => {
          const label = labelOf(matrix) ?? "";
          expect(label.length).toBeLessThanOrEqual(100);
          expect(label).not.toMatch(/[\p{Cc}\u202e]/u);
        },
      ),
    );
  });

  test("shows no secret", () => {
    expect(matrixJobOf({ host: "hunter2-host" }, (text) => text.replace("hunter2", "***"))?.label).toMatch(
      /^\*\*\*-host [0-9a-f]{12}$/,
    );
  });
});

test("the key is the same in each run, and another one for each job", () => {
  const keys = ["a", "b", 1, "1", null, { a: 1 }, { a: 2 }].map((value) => jobOf({ value })?.key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(jobOf({ gpu: "gpu-a", shards: 2 })?.key).toBe("73e671941e59");
});
