import { describe, expect, test } from "@jest/globals";
import { judged, overPairs, pairedRatio } from "../../bench/paired.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("what pairs tell", () => {
  test("is the median of their own ratios, however the machine's speed moves between them", () => {
    expect(pairedRatio([2, 20, 200], [1, 10, 100]).median).toBe(2);
    expect(overPairs([4, 1, 3, 2]).median).toBe(2.5);
  });

  // The ranks of the sign test, as tables give them for 95 %.
  test.each([
    [6, 1],
    [9, 2],
    [12, 3],
    [20, 6],
    [24, 7],
    [40, 14],
  ])("of %d pairs lies between the one of rank %d and its counterpart", (pairs, rank) => {
    expect(overPairs(upTo(pairs)).interval).toEqual([rank, pairs + 1 - rank]);
  });

  test("of five pairs is no interval", () => {
    expect(overPairs(upTo(5))).toEqual({ pairs: 5, median: 3, interval: null });
  });

  test("is refused without a pair", () => {
    expect(() => pairedRatio([], [])).toThrow(RangeError);
    expect(() => pairedRatio([1], [1, 2])).toThrow(RangeError);
  });
});

describe("a goal", () => {
  const between = (low: number, high: number) => ({
    pairs: 24,
    median: (low + high) / 2,
    interval: [low, high] as const,
  });

  test("is met or missed when the whole interval says so, and else cannot be told", () => {
    expect(judged(between(1, 1.01), 1.01)).toBe("met");
    expect(judged(between(1.011, 1.02), 1.01)).toBe("missed");
    expect(judged(between(1, 1.02), 1.01)).toBe("too wide to tell");
    expect(judged({ pairs: 5, median: 1, interval: null }, 1.01)).toBe("too wide to tell");
  });
});
