/** Compares a completion with its golden while its tokens arrive, so that a case that has split can be stopped. */
import type { ComparePolicy, Tier } from "../model/case.ts";
import type { Completion, StreamedToken } from "../model/completion.ts";
import type { Golden } from "../model/golden.ts";
import { withinTolerance } from "./logprob-drift.ts";
import { isNearTie } from "./tolerance.ts";

export interface StreamingComparison {
  /** `split` once the completed run can no longer match or be close, and from then on. */
  push(token: StreamedToken): "same" | "split";
}

/**
 * Agrees with `compareCompletion`: what it calls a split is never a match there. Ids and log-probabilities are judged where the
 * stream tells them. Text is judged on tier `text` only: with ids, an engine may stream half a character or hold back a stop
 * string, and equal ids with another text are left to the whole comparison. A redacted golden never splits.
 */
export function streamingComparison(golden: Golden, policy: ComparePolicy): StreamingComparison {
  if (golden.content.kind === "redacted") return { push: () => "same" };
  const judge = judges[policy.tier](golden.content.completion, policy);
  let state: "same" | "split" | "forgiven" = "same";
  return {
    push(token) {
      if (state === "same") state = judge(token);
      return state === "split" ? "split" : "same";
    },
  };
}

type Judge = (token: StreamedToken) => "same" | "split" | "forgiven";

const judges = {
  bits: (golden) => (token) =>
    hasOtherId(golden, token) ||
    hasOtherBits(golden.logprobs, token.index, token.logprob) ||
    hasOtherMargin(golden, token)
      ? "split"
      : "same",
  tokens: (golden) => (token) => (hasOtherId(golden, token) ? "split" : "same"),
  close: (golden, policy) => (token) => {
    if (hasOtherId(golden, token)) return isForgiven(golden, token, policy) ? "forgiven" : "split";
    if (token.logprob === null || golden.logprobs === null) return "same";
    const isClose = withinTolerance(golden.logprobs[token.index], Math.fround(token.logprob), policy.maxLogprobDelta);
    return isClose ? "same" : "split";
  },
  text: (golden) => {
    let offset = 0;
    return (token) => {
      const isSame = golden.text.startsWith(token.text, offset);
      offset += token.text.length;
      return isSame ? "same" : "split";
    };
  },
} as const satisfies Record<Tier, (golden: Completion, policy: ComparePolicy) => Judge>;

/** Beyond the golden's last token every id is another one; an id that is not told is not judged. */
function hasOtherId({ tokenIds }: Completion, token: StreamedToken): boolean {
  return (
    tokenIds !== null && (token.index >= tokenIds.length || (token.id !== null && token.id !== tokenIds[token.index]))
  );
}

function hasOtherBits(golden: Float32Array | null, index: number, value: number | null): boolean {
  return golden !== null && value !== null && !Object.is(golden[index], Math.fround(value));
}

function hasOtherMargin({ margins }: Completion, token: StreamedToken): boolean {
  return !Number.isNaN(margins?.[token.index] ?? Number.NaN) && hasOtherBits(margins, token.index, token.margin);
}

function isForgiven(golden: Completion, token: StreamedToken, policy: ComparePolicy): boolean {
  const isToken = token.index < (golden.tokenIds?.length ?? 0);
  const margin = token.margin === null ? null : Math.fround(token.margin);
  return isToken && (isNearTie(golden.margins?.[token.index], policy) || isNearTie(margin, policy));
}
