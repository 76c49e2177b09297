/** Errors of Node's own realm reach the tests as strangers; they are read all the same. */
import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import { causeOf, codeOf, reasonOf } from "../../src/platform/thrown.ts";

test("an error of the file system is read by its fields", async () => {
  const thrown = await readFile("/no/such/file").catch((error: unknown) => error);
  expect(codeOf(thrown)).toBe("ENOENT");
  expect(reasonOf(thrown)).toContain("no such file or directory");
  expect(causeOf(thrown)).toBe(thrown);
});

test.each([
  [new Error("a reason"), "a reason"],
  [Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  ["a text", "a text"],
  [null, "null"],
  [undefined, "undefined"],
])("%p says %p", (thrown, reason) => {
  expect(reasonOf(thrown)).toBe(reason);
});

test("the cause of a failed fetch is the reason for it", async () => {
  const thrown = await fetch("http://127.0.0.1:1/").catch((error: unknown) => error);
  expect(reasonOf(causeOf(thrown))).not.toBe("fetch failed");
});
