import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { editWeights } from "../../src/demo/edit-weights.ts";
import { GateError } from "../../src/model/problem.ts";
import { tinyGguf } from "./tiny-gguf.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edit-weights-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Two rows of 64 weights in Q4_1: blocks of 20 bytes, the first 4 of which are scale and offset. */
const wanted = { name: "wanted", shape: [64, 2], type: 3, data: new Uint8Array(80).fill(0xff) };
const other = { name: "other", shape: [32, 1], type: 3, data: new Uint8Array(20).fill(0xff) };

async function edit(
  bytes: Uint8Array,
  tensor = "wanted",
  rows = 1,
): Promise<{ before: Buffer; after: Buffer; changedBytes: number }> {
  const [from, to] = [join(folder, "a.gguf"), join(folder, "b.gguf")];
  writeFileSync(from, bytes);
  const { changedBytes } = await editWeights(from, to, { tensor, rows });
  return { before: readFileSync(from), after: readFileSync(to), changedBytes };
}

describe("editWeights", () => {
  test("stores one row with 3 of 4 bits and touches nothing else", async () => {
    const bytes = tinyGguf({ tensors: [other, wanted] });
    const { before, after, changedBytes } = await edit(bytes);
    expect(before).toEqual(bytes);
    const start = bytes.length - 96;
    const expected = Buffer.from(bytes);
    for (const at of [4, 24]) expected.fill(0xee, start + at, start + at + 16);
    expect(after).toEqual(expected);
    expect(changedBytes).toBe(32);
  });

  test("knows Q4_0, whose blocks have no offset", async () => {
    const bytes = tinyGguf({ tensors: [{ ...wanted, shape: [32, 2], type: 2, data: new Uint8Array(36).fill(0xff) }] });
    const { after, changedBytes } = await edit(bytes, "wanted", 2);
    expect([changedBytes, after.filter((byte, index) => byte !== bytes[index]).length]).toEqual([32, 32]);
  });

  test("reads a head that is longer than its first reading", async () => {
    const words = Array.from({ length: 60_000 }, (_, index) => `word number ${index} of a long vocabulary`);
    const bytes = tinyGguf({ words, tensors: [wanted] });
    expect(bytes.length).toBeGreaterThan(2 << 20);
    expect((await edit(bytes)).changedBytes).toBe(32);
  });

  test.each<[string, Uint8Array, string, number, RegExp]>([
    ["a file that is no GGUF", Buffer.from("not found"), "wanted", 1, /starts with "not "/],
    ["an empty file", Buffer.alloc(0), "wanted", 1, /ends in the middle of its head/],
    [
      "a file cut in its head",
      tinyGguf({ tensors: [wanted] }).subarray(0, 100),
      "wanted",
      1,
      /ends in the middle of its head/,
    ],
    ["a file cut in its weights", tinyGguf({ tensors: [wanted] }).subarray(0, -60), "wanted", 2, /ends before it does/],
    ["a tensor that is not there", tinyGguf({ tensors: [wanted] }), "missing", 1, /no tensor of that name/],
    ["a tensor of another type", tinyGguf({ tensors: [{ ...wanted, type: 0 }] }), "wanted", 1, /ggml type 0/],
    ["more rows than there are", tinyGguf({ tensors: [wanted] }), "wanted", 3, /has 2 rows/],
    ["rows of half a block", tinyGguf({ tensors: [{ ...wanted, shape: [48, 2] }] }), "wanted", 1, /no multiple of 32/],
  ])("%s is named, and no copy stays", async (_name, bytes, tensor, rows, why) => {
    const failure = await edit(bytes, tensor, rows).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GateError);
    expect((failure as GateError).problems).toMatchObject([{ verdict: "error", found: expect.stringMatching(why) }]);
    expect(existsSync(join(folder, "b.gguf"))).toBe(false);
  });
});
