/** Holds the digests of a completion against a redacted golden: equal or not, never where. */
import type { ComparePolicy } from "../model/case.ts";
import type { Comparison, FirstDivergence } from "../model/comparison.ts";
import type { Golden, RedactedCompletion } from "../model/golden.ts";
import { divergenceWithoutText } from "./divergence-context.ts";

/**
 * Digests as `RedactedCompletion` of the golden's codec makes them. Tier `close` asks for equal bits, since a digest tells
 * nothing of small differences. A golden that is not redacted needs `compareCompletion`; here it never matches.
 */
export function compareRedacted(golden: Golden, actual: RedactedCompletion, policy: ComparePolicy): Comparison {
  const { content, caseId } = golden;
  const expected = content.kind === "redacted" ? content.completion : null;
  const divergence = expected === null ? differs("output") : redactedDivergence(expected, actual, policy);
  const expectedTokens = expected?.tokenCount ?? null;
  const hasCounts = expectedTokens !== null && actual.tokenCount !== null;
  const isSameOutput =
    expected !== null && expected.tokenIds !== null && expected.tokenIds === actual.tokenIds && hasCounts;
  return {
    caseId,
    tier: policy.tier,
    verdict: divergence === null ? "match" : "drift",
    divergence,
    commonPrefix: isSameOutput ? expectedTokens : 0,
    expectedLength: hasCounts ? expectedTokens : 0,
    actualLength: hasCounts ? (actual.tokenCount ?? 0) : 0,
    unit: hasCounts ? "tokens" : "characters",
    logprobDrift: null,
    promptEqual: expected === null ? null : sameDigest(expected.promptTokenIds, actual.promptTokenIds),
    stoppedEarly: false,
  };
}

function redactedDivergence(
  expected: RedactedCompletion,
  actual: RedactedCompletion,
  { tier }: ComparePolicy,
): FirstDivergence | null {
  if (tier !== "text") {
    if (sameDigest(expected.promptTokenIds, actual.promptTokenIds) === false) return differs("prompt");
    if (sameDigest(expected.tokenIds, actual.tokenIds) !== true) return differs("token");
  }
  if (actual.tokenCount === 0 && actual.outputDigest === null) return differs("length");
  if (expected.text !== actual.text) return differs("text");
  const [before, now] = [expected.finishReason, actual.finishReason];
  if (before !== now || now === "abort") return inWords("finish-reason", before, now);
  if (expected.outputDigest !== actual.outputDigest) {
    return inWords("output", expected.outputDigest ?? "", actual.outputDigest ?? "");
  }
  const needsBits = tier === "bits" || tier === "close";
  return needsBits && sameDigest(expected.logprobs, actual.logprobs) !== true ? differs("logprob") : null;
}

/** Null when a side has no digest. */
function sameDigest(expected: string | null, actual: string | null): boolean | null {
  return expected === null || actual === null ? null : expected === actual;
}

const differs = (kind: FirstDivergence["kind"]) =>
  divergenceWithoutText(kind, { index: null, expected: null, actual: null });

function inWords(kind: FirstDivergence["kind"], expected: string, actual: string): FirstDivergence {
  const divergence = differs(kind);
  return {
    ...divergence,
    expected: { ...divergence.expected, text: expected },
    actual: { ...divergence.actual, text: actual },
  };
}
