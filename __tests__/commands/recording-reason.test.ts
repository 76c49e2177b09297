import { expect, test } from "@jest/globals";
import { givenReason } from "../../src/commands/recording-reason.ts";

test.each([
  [null, null],
  ["", null],
  [" \n ", null],
  ["  new kernels ", "new kernels"],
  ["neue Kernel 🚀", "neue Kernel 🚀"],
])("%j is the reason %j", (given, reason) => {
  expect(givenReason(given)).toBe(reason);
});

test.each(["a\0b", "a\ud800b", "\udc00"])("%j is refused: no YAML file can hold it", (given) => {
  expect(() => givenReason(given)).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ code: "commands/bad-option", verdict: "usage" })] }),
  );
});
