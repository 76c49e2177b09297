/** Tokens as they arrive, gathered into one completion. */
import {
  type Completion,
  type FinishReason,
  type OnToken,
  type StreamedToken,
  unknownTokenId,
} from "../model/completion.ts";
import type { Digest } from "../model/digest.ts";

/** What an engine adds when its tokens are all there. */
export interface CompletionEnd {
  readonly promptTokenIds: Uint32Array | null;
  readonly finishReason: FinishReason;
  /** Text that holds instead of the tokens' own, where the engine trims a stop string only at the end; null for none. */
  readonly text: string | null;
  readonly outputDigest: Digest | null;
}

export interface CompletionBuilder {
  /** Passes the token on and keeps it; its index is the next one, its numbers become float32. */
  push(token: Omit<StreamedToken, "index">): "continue" | "stop";
  readonly length: number;
  finish(end: CompletionEnd): Completion;
}

/**
 * Ids, log-probabilities and margins are null in the completion when no token had one; where only some had, a missing id is
 * `unknownTokenId` and a missing number NaN.
 */
export function completionBuilder(onToken: OnToken): CompletionBuilder {
  const tokens: StreamedToken[] = [];
  let text = "";
  const textEnds: number[] = [];
  return {
    get length() {
      return tokens.length;
    },
    push({ id, logprob, margin, text: added }) {
      const token: StreamedToken = {
        index: tokens.length,
        id,
        logprob: logprob === null ? null : Math.fround(logprob),
        margin: margin === null ? null : Math.fround(margin),
        text: added,
      };
      tokens.push(token);
      text += added;
      textEnds.push(text.length);
      return onToken(token);
    },
    finish({ promptTokenIds, finishReason, text: whole, outputDigest }) {
      const final = whole ?? text;
      // Of nothing at all the ids are known: there are none.
      const isNothing = tokens.length === 0 && final === "" && outputDigest === null;
      const hasIds = isNothing || tokens.some((token) => token.id !== null);
      return {
        promptTokenIds,
        tokenIds: hasIds ? Uint32Array.from(tokens, (token) => token.id ?? unknownTokenId) : null,
        logprobs: numbersOf(tokens, "logprob"),
        margins: numbersOf(tokens, "margin"),
        textEnds: hasIds ? Uint32Array.from(textEnds, (end) => Math.min(end, final.length)) : null,
        text: final,
        outputDigest,
        finishReason,
      };
    },
  };
}

function numbersOf(tokens: readonly StreamedToken[], field: "logprob" | "margin"): Float32Array | null {
  if (tokens.every((token) => token[field] === null)) return null;
  return Float32Array.from(tokens, (token) => token[field] ?? Number.NaN);
}
