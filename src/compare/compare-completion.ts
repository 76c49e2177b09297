/** Holds one completion against its golden on the tier asked for. */
import type { ComparePolicy } from "../model/case.ts";
import type { Comparison, FirstDivergence } from "../model/comparison.ts";
import type { Completion } from "../model/completion.ts";
import type { Golden } from "../model/golden.ts";
import { commonText, type Pair, pairOf } from "./common-prefix.ts";
import { divergenceAtToken, divergenceWithoutText } from "./divergence-context.ts";
import { firstDivergence, promptsEqual, type Strictness } from "./first-divergence.ts";
import { beyondToleranceAt, differentBitsAt, firstDifferentBits, logprobDrift } from "./logprob-drift.ts";
import { isForgivenSplit } from "./tolerance.ts";

/** Everything is looked at, and every log-probability bit must be equal. */
export const everyBit: Strictness = { output: "ids", logprobsDifferAt: differentBitsAt };
/** Ids, text and finish reason. */
export const everyToken: Strictness = { output: "ids", logprobsDifferAt: () => null };
/** Text or output digest, and finish reason. */
export const everyCharacter: Strictness = { output: "text", logprobsDifferAt: () => null };

type Judgement = Pick<Comparison, "verdict" | "divergence">;

/**
 * `match` exactly when `divergence` is null. `close` carries the divergence that the policy forgave: the first differing
 * log-probability, or the split at a near tie, after which nothing is looked at. What a tier asks for and a side does not have
 * (ids, log-probabilities) is a divergence with unknown numbers. A redacted golden needs `compareRedacted`; here it never matches.
 */
export function compareCompletion(golden: Golden, completion: Completion, policy: ComparePolicy): Comparison {
  const { caseId, content } = golden;
  if (content.kind === "redacted") return hiddenGolden(golden, completion, policy);
  const pair = pairOf(content.completion, completion);
  const promptEqual = promptsEqual(content.completion, completion);
  const { verdict, divergence } = judge(pair, policy);
  const extent = extentOf(pair);
  return {
    caseId,
    tier: policy.tier,
    verdict,
    divergence,
    ...extent,
    logprobDrift: logprobDrift(pair, promptEqual),
    promptEqual,
    stoppedEarly: completion.finishReason === "abort" && isSplit(divergence, extent),
  };
}

function judge(pair: Pair, policy: ComparePolicy): Judgement {
  switch (policy.tier) {
    case "bits":
      return exact(firstDivergence(pair, everyBit));
    case "tokens":
      return exact(firstDivergence(pair, everyToken));
    case "text":
      return exact(firstDivergence(pair, everyCharacter));
    case "close":
      return judgeClose(pair, policy);
  }
}

const exact = (divergence: FirstDivergence | null): Judgement => ({
  verdict: divergence === null ? "match" : "drift",
  divergence,
});

function judgeClose(pair: Pair, policy: ComparePolicy): Judgement {
  const divergence = firstDivergence(pair, {
    output: "ids",
    logprobsDifferAt: (both, end) => beyondToleranceAt(both, end, policy.maxLogprobDelta),
  });
  if (divergence === null) {
    const index = firstDifferentLogprob(pair);
    return index === null
      ? { verdict: "match", divergence: null }
      : { verdict: "close", divergence: divergenceAtToken(pair, "logprob", index) };
  }
  const { kind, tokenIndex } = divergence;
  const isForgiven = kind === "token" && tokenIndex !== null && isForgivenSplit(pair, tokenIndex, policy);
  return { verdict: isForgiven ? "close" : "drift", divergence };
}

function firstDifferentLogprob({ expected, actual, commonTokens }: Pair): number | null {
  if (expected.logprobs === null || actual.logprobs === null || commonTokens === null) return null;
  return firstDifferentBits(expected.logprobs, actual.logprobs, commonTokens);
}

type Extent = Pick<Comparison, "commonPrefix" | "expectedLength" | "actualLength" | "unit">;

function extentOf({ expected, actual, commonTokens }: Pair): Extent {
  if (commonTokens !== null && expected.tokenIds !== null && actual.tokenIds !== null) {
    return {
      commonPrefix: commonTokens,
      expectedLength: expected.tokenIds.length,
      actualLength: actual.tokenIds.length,
      unit: "tokens",
    };
  }
  return {
    commonPrefix: commonText(expected.text, actual.text),
    expectedLength: expected.text.length,
    actualLength: actual.text.length,
    unit: "characters",
  };
}

/** Whether the outputs really part, other than by one being cut short. */
function isSplit(divergence: FirstDivergence | null, extent: Extent): boolean {
  switch (divergence?.kind) {
    case "token":
    case "text":
    case "logprob":
    case "prompt":
      return true;
    case "length":
      return extent.actualLength > extent.expectedLength;
    default:
      return false;
  }
}

function hiddenGolden(golden: Golden, completion: Completion, policy: ComparePolicy): Comparison {
  const actualLength = completion.tokenIds?.length ?? null;
  return {
    caseId: golden.caseId,
    tier: policy.tier,
    verdict: "drift",
    divergence: divergenceWithoutText("output", { index: null, expected: null, actual: null }),
    commonPrefix: 0,
    expectedLength: golden.content.completion.tokenIds === null ? 0 : (tokenCount(golden) ?? 0),
    actualLength: actualLength ?? completion.text.length,
    unit: actualLength === null ? "characters" : "tokens",
    logprobDrift: null,
    promptEqual: null,
    stoppedEarly: false,
  };
}

const tokenCount = ({ content }: Golden) => (content.kind === "redacted" ? content.completion.tokenCount : null);
