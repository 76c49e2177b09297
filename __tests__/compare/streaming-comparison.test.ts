import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareCompletion } from "../../src/compare/compare-completion.ts";
import { streamingComparison } from "../../src/compare/streaming-comparison.ts";
import { type Tier, tiers } from "../../src/model/case.ts";
import type { Completion, StreamedToken } from "../../src/model/completion.ts";
import {
  abortedAfter,
  completion,
  digest,
  floats,
  golden,
  policy,
  redactedGolden,
  streamOf,
} from "./sample-completion.ts";

const words = ["The", " cat", " sat", "."];
const same = completion(words);

/** Index of the token that was called a split, or null. */
function splitAt(actual: readonly StreamedToken[], tier: Tier, expected: Completion = same): number | null {
  const stream = streamingComparison(golden(expected), policy(tier));
  const index = actual.findIndex((token) => stream.push(token) === "split");
  return index === -1 ? null : index;
}

describe("a split is seen at its token", () => {
  test.each([
    ["another id", completion(["The", " dog", " sat"]), [1, 1, 1, 1]],
    ["one token more", completion([...words, " Yes"]), [4, 4, 4, 4]],
    [
      "a bit of a log-probability",
      completion(words, { logprobs: floats(4, -0.5, { 2: -0.50000006 }) }),
      [2, null, null, null],
    ],
    ["a log-probability far off", completion(words, { logprobs: floats(4, -0.5, { 2: -0.75 }) }), [2, null, 2, null]],
    ["a margin", completion(words, { margins: floats(4, 1, { 3: 0.5 }) }), [3, null, null, null]],
    ["a near tie", completion(["The", " dog", " sat"], { margins: floats(3, 1, { 1: 0.01 }) }), [1, 1, null, 1]],
    ["nothing", completion(words), [null, null, null, null]],
    ["an early end", completion(words.slice(0, 2)), [null, null, null, null]],
  ])("%s", (_, actual, expected) => {
    expect(tiers.map((tier) => splitAt(streamOf(actual), tier))).toEqual(expected);
  });
});

test("once split stays split", () => {
  const stream = streamingComparison(golden(same), policy("tokens"));
  const [first, , third] = streamOf(same);
  const [, dog] = streamOf(completion(["The", " dog"]));
  expect([first, dog, third].map((token) => token && stream.push(token))).toEqual(["same", "split", "split"]);
});

test("what the stream does not tell is left to the whole comparison", () => {
  const silent = streamOf(same).map((token) => ({ ...token, id: null, logprob: null, margin: null, text: "" }));
  for (const tier of tiers) expect(splitAt(silent, tier)).toBeNull();
});

test("text is judged as it grows, in whatever pieces it comes, on tier text", () => {
  const pieces = (texts: readonly string[]) =>
    texts.map((text, index) => ({ index, id: null, logprob: null, margin: null, text }));
  const plain = completion([], { tokenIds: null, text: "a😀b" });
  expect(splitAt(pieces(["a\ud83d", "", "\ude00", "b"]), "text", plain)).toBeNull();
  expect(splitAt(pieces(["a\ud83d", "\ude01"]), "text", plain)).toBe(1);
});

test("half a character streamed beside its id is no split where ids count", () => {
  const partial = streamOf(same).map((token) => ({ ...token, text: "\ufffd" }));
  expect(splitAt(partial, "tokens")).toBeNull();
});

test("a redacted golden never splits", () => {
  const hidden = redactedGolden({
    promptTokenIds: null,
    tokenIds: digest("1"),
    logprobs: null,
    text: digest("2"),
    outputDigest: null,
    tokenCount: 1,
    finishReason: "stop",
  });
  const stream = streamingComparison(hidden, policy("bits"));
  expect(streamOf(same).map((token) => stream.push(token))).toEqual(["same", "same", "same", "same"]);
});

describe("streaming and whole comparison agree", () => {
  const run = fc
    .array(
      fc.tuple(fc.constantFrom("a", "b"), fc.constantFrom(-0.5, -0.505, -0.7, 0, -0), fc.constantFrom(0.01, -0.03, 1)),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((tokens) =>
      completion(
        tokens.map(([word]) => word),
        {
          logprobs: Float32Array.from(tokens, ([, logprob]) => logprob),
          margins: Float32Array.from(tokens, ([, , margin]) => margin),
        },
      ),
    );

  /** Runs of which one often begins like the other. */
  const twoRuns = fc.tuple(run, run, fc.nat(6)).map(([one, two, shared]) => {
    const mix = <T>(a: Iterable<T>, b: Iterable<T>) => [...[...a].slice(0, shared), ...[...b].slice(shared)];
    const letters = mix(one.text, two.text);
    return [
      one,
      completion(letters, {
        logprobs: Float32Array.from(mix(one.logprobs ?? [], two.logprobs ?? [])),
        margins: Float32Array.from(mix(one.margins ?? [], two.margins ?? [])),
      }),
    ] as const;
  });

  const shown = (expected: Completion, actual: Completion) =>
    (actual.tokenIds?.length ?? 0) >= (expected.tokenIds?.length ?? 0);

  test.each(tiers)("split exactly when the whole one is no match, on tier %s", (tier) => {
    fc.assert(
      fc.property(twoRuns, ([expected, actual]) => {
        const whole = compareCompletion(golden(expected), actual, policy(tier));
        const index = splitAt(streamOf(actual), tier, expected);
        if (index !== null) expect(whole.verdict).toBe("drift");
        if (shown(expected, actual)) expect(index !== null).toBe(whole.verdict === "drift");
      }),
      { numRuns: 2000 },
    );
  });

  test.each(tiers)("a run stopped at the split is drift, stopped early, on tier %s", (tier) => {
    fc.assert(
      fc.property(twoRuns, ([expected, actual]) => {
        const index = splitAt(streamOf(actual), tier, expected);
        fc.pre(index !== null);
        const stopped = compareCompletion(golden(expected), abortedAfter(actual, (index ?? 0) + 1), policy(tier));
        expect(stopped).toMatchObject({ verdict: "drift", stoppedEarly: true });
        expect(stopped.divergence?.tokenIndex).toBe(tier === "text" ? stopped.divergence?.tokenIndex : index);
      }),
      { numRuns: 2000 },
    );
  });
});
