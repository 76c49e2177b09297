import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { editDistance, nearestName } from "../../src/model/nearest-name.ts";

describe("nearestName", () => {
  test.each([
    ["temperatur", "temperature"],
    ["Top_P", "top_p"],
    ["sed", "seed"],
    ["esed", "seed"],
    ["max_token", "max_tokens"],
    ["quux", null],
    ["", null],
    ["x".repeat(1000), null],
  ])("%j is meant as %j", (name, meant) => {
    expect(nearestName(name, ["temperature", "top_p", "top_k", "seed", "max_tokens"])).toBe(meant);
  });
});

describe("editDistance", () => {
  test.each([
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["ab", "ba", 1],
    ["abc", "abc", 0],
  ])("%j to %j is %d", (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

  test("is symmetric and at most the longer length", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
