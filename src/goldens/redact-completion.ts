/** Digests in place of a confidential completion. */
import type { Completion } from "../model/completion.ts";
import type { Digest } from "../model/digest.ts";
import type { RedactedCompletion } from "../model/golden.ts";
import { digestOf } from "../platform/hashing.ts";
import { littleEndianBytes } from "../platform/little-endian.ts";

/** Digests of arrays are taken over their little-endian bytes, that of the text over its UTF-8. */
export function redactCompletion(completion: Completion): RedactedCompletion {
  const { promptTokenIds, tokenIds, logprobs, text, outputDigest, finishReason } = completion;
  return {
    promptTokenIds: digestOrNull(promptTokenIds),
    tokenIds: digestOrNull(tokenIds),
    logprobs: digestOrNull(logprobs),
    text: digestOf(text),
    outputDigest,
    tokenCount: tokenIds?.length ?? null,
    finishReason,
  };
}

function digestOrNull(array: Float32Array | Uint32Array | null): Digest | null {
  return array === null ? null : digestOf(littleEndianBytes(array));
}
