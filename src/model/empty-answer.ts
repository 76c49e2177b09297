/** Tells an answer that says nothing, whatever it is made of, from one whose first character is not complete yet. */
import type { Completion } from "./completion.ts";

/** A character has at most three bytes before its last, each a token at most; one more may be a beginning without text. */
const mostTokensBeforeText = 4;

/**
 * True for no output at all, and for tokens without any text: an end token alone, or special tokens up to the limit. False for
 * what the gate cut short, which is judged by what it holds, and for the parts of one character that the limit cut.
 */
export function isEmptyAnswer({ tokenIds, text, outputDigest, finishReason }: Completion): boolean {
  if (text !== "" || outputDigest !== null || finishReason === "abort") return false;
  const tokens = tokenIds?.length ?? 0;
  return tokens === 0 || finishReason === "stop" || tokens > mostTokensBeforeText;
}
