import { describe, expect, test } from "@jest/globals";
import { compareRedacted } from "../../src/compare/compare-redacted.ts";
import { type Tier, tiers } from "../../src/model/case.ts";
import type { RedactedCompletion } from "../../src/model/golden.ts";
import { completion, digest, golden, policy, redactedGolden } from "./sample-completion.ts";

const recorded: RedactedCompletion = {
  promptTokenIds: digest("1"),
  tokenIds: digest("2"),
  logprobs: digest("3"),
  text: digest("4"),
  outputDigest: null,
  tokenCount: 8,
  finishReason: "stop",
};
const compare = (changes: Partial<RedactedCompletion>, tier: Tier = "tokens") =>
  compareRedacted(redactedGolden(recorded), { ...recorded, ...changes }, policy(tier));

test.each(tiers)("equal digests match on tier %s", (tier) => {
  expect(compare({}, tier)).toMatchObject({
    verdict: "match",
    divergence: null,
    commonPrefix: 8,
    expectedLength: 8,
    actualLength: 8,
    unit: "tokens",
    logprobDrift: null,
    promptEqual: true,
  });
});

describe("a differing digest", () => {
  test.each([
    ["prompt", { promptTokenIds: digest("f") }, ["drift", "drift", "drift", "match"]],
    ["token", { tokenIds: digest("f"), tokenCount: 7 }, ["drift", "drift", "drift", "match"]],
    ["token", { tokenIds: null }, ["drift", "drift", "drift", "match"]],
    ["text", { text: digest("f") }, ["drift", "drift", "drift", "drift"]],
    ["finish-reason", { finishReason: "length" as const }, ["drift", "drift", "drift", "drift"]],
    ["output", { outputDigest: digest("f") }, ["drift", "drift", "drift", "drift"]],
    ["logprob", { logprobs: digest("f") }, ["drift", "match", "drift", "match"]],
    ["logprob", { logprobs: null }, ["drift", "match", "drift", "match"]],
  ] as const)("of kind %s", (kind, changes, verdicts) => {
    const results = tiers.map((tier) => compare(changes, tier));
    expect(results.map((result) => result.verdict)).toEqual(verdicts);
    expect(results.flatMap((result) => result.divergence?.kind ?? [])).toEqual(
      verdicts.filter((verdict) => verdict === "drift").map(() => kind),
    );
  });

  test("tells neither text nor place", () => {
    expect(compare({ tokenIds: digest("f"), text: digest("f") })).toMatchObject({
      commonPrefix: 0,
      divergence: { tokenIndex: null, textOffset: null, textLine: null, before: "", expected: { text: "" } },
    });
  });
});

test("an empty or aborted completion never matches", () => {
  const empty = { ...recorded, tokenCount: 0 };
  expect(compareRedacted(redactedGolden(empty), empty, policy("text")).divergence?.kind).toBe("length");
  const aborted = { ...recorded, finishReason: "abort" } as const;
  expect(compareRedacted(redactedGolden(aborted), aborted, policy("text")).verdict).toBe("drift");
});

test("a golden that is not redacted never matches digests", () => {
  expect(compareRedacted(golden(completion(["a"])), recorded, policy("text")).verdict).toBe("drift");
});
