/** Whether repeats of one case agree with each other, and where the first that does not parts from the first repeat. */
import type { FirstDivergence } from "../model/comparison.ts";
import type { Completion } from "../model/completion.ts";
import { pairOf } from "./common-prefix.ts";
import { everyBit, everyCharacter, everyToken } from "./compare-completion.ts";
import { firstDivergence } from "./first-divergence.ts";

/** `bits`: also every log-probability; `tokens`: ids, text, finish reason; `text`: text or output digest, and finish reason. */
export type AgreedOn = "bits" | "tokens" | "text" | "none";

export interface Agreement {
  readonly agreed: AgreedOn;
  /**
   * Of the repeats that agree least with the first one, the earliest (0-based), with the first one as `expected`. Null when
   * nothing differs: then `agreed` is all that the engine tells (`tokens` without log-probabilities, `text` without ids).
   */
  readonly splits: { readonly repeat: number; readonly divergence: FirstDivergence } | null;
}

/** Holds every repeat against the first. One that the gate aborted is compared as far as it went. No repeats agree on nothing. */
export function agreement(completions: readonly Completion[]): Agreement {
  const [first, ...others] = completions;
  if (first === undefined) return { agreed: "none", splits: null };
  let agreed = agreedBy(first, first).agreed;
  let splits: Agreement["splits"] = null;
  for (const [index, other] of others.entries()) {
    const next = agreedBy(first, other);
    const isWorse = strictness[next.agreed] < strictness[agreed];
    if (next.divergence !== null && (isWorse || splits === null))
      splits = { repeat: index + 1, divergence: next.divergence };
    if (isWorse) agreed = next.agreed;
  }
  return { agreed, splits };
}

const strictness = { bits: 3, tokens: 2, text: 1, none: 0 } as const satisfies Record<AgreedOn, number>;

function agreedBy(first: Completion, other: Completion): { agreed: AgreedOn; divergence: FirstDivergence | null } {
  const pair = pairOf(...asFarAsBothWent(first, other));
  const byText = firstDivergence(pair, everyCharacter);
  if (pair.commonTokens === null) return { agreed: byText === null ? "text" : "none", divergence: byText };
  const byToken = firstDivergence(pair, everyToken);
  if (byToken !== null) return { agreed: byText === null ? "text" : "none", divergence: byToken };
  if (first.logprobs === null || other.logprobs === null) return { agreed: "tokens", divergence: null };
  const byBit = firstDivergence(pair, everyBit);
  return { agreed: byBit === null ? "bits" : "tokens", divergence: byBit };
}

/** Both as they are; an aborted one, and the other beside it, cut to what was seen of both. */
function asFarAsBothWent(first: Completion, other: Completion): [Completion, Completion] {
  const isCut = (one: Completion) => one.finishReason === "abort";
  if (!isCut(first) && !isCut(other)) return [first, other];
  const limit = (length: (one: Completion) => number) =>
    Math.min(isCut(first) ? length(first) : Infinity, isCut(other) ? length(other) : Infinity);
  const tokens = limit((one) => one.tokenIds?.length ?? Infinity);
  const characters = limit((one) => one.text.length);
  return [cut(first, tokens, characters), cut(other, tokens, characters)];
}

function cut(completion: Completion, tokens: number, characters: number): Completion {
  return {
    ...completion,
    tokenIds: completion.tokenIds?.subarray(0, tokens) ?? null,
    logprobs: completion.logprobs?.subarray(0, tokens) ?? null,
    margins: completion.margins?.subarray(0, tokens) ?? null,
    textEnds: completion.textEnds?.subarray(0, tokens) ?? null,
    text: completion.text.slice(0, characters),
    outputDigest: null,
    finishReason: "stop",
  };
}
