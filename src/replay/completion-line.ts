/** A completion as a line of the transcript, and back with every bit. */
import type { CaseId } from "../model/case.ts";
import type { Completion } from "../model/completion.ts";
import { completionShapeMistakes } from "../model/completion-shape.ts";
import type { Digest } from "../model/digest.ts";
import type { RedactedCompletion } from "../model/golden.ts";
import { float32FromBase64, littleEndianBase64, uint32FromBase64 } from "../platform/little-endian.ts";
import type { CompletionLine, TranscriptLine } from "./transcript-schema.ts";

/** Which completion of the run it is; launch and repeat count from 1. */
export interface CompletionPlace {
  readonly case: CaseId;
  readonly contract: Digest;
  readonly launch: number;
  readonly repeat: number;
}

export function completionLine(place: CompletionPlace, completion: Completion): TranscriptLine {
  const base64 = (array: Float32Array | Uint32Array | null) => (array === null ? null : littleEndianBase64(array));
  return {
    type: "completion",
    ...place,
    prompt_token_ids: base64(completion.promptTokenIds),
    token_ids: base64(completion.tokenIds),
    logprobs: base64(completion.logprobs),
    margins: base64(completion.margins),
    text_ends: base64(completion.textEnds),
    text: completion.text,
    output_digest: completion.outputDigest,
    finish_reason: completion.finishReason,
  };
}

export function redactedLine(place: CompletionPlace, completion: RedactedCompletion): TranscriptLine {
  return {
    type: "redacted",
    ...place,
    prompt_token_ids: completion.promptTokenIds,
    token_ids: completion.tokenIds,
    logprobs: completion.logprobs,
    text: completion.text,
    output_digest: completion.outputDigest,
    token_count: completion.tokenCount,
    finish_reason: completion.finishReason,
  };
}

/** Null when a field is no base64 of whole numbers, or the arrays do not fit together. */
export function completionOf(line: CompletionLine): Completion | null {
  const broken: string[] = [];
  const decoded = <T extends Float32Array | Uint32Array>(text: string | null, decode: (base64: string) => T | null) => {
    const array = text === null ? null : decode(text);
    if (text !== null && array === null) broken.push(text);
    return array;
  };
  const completion: Completion = {
    promptTokenIds: decoded(line.prompt_token_ids, uint32FromBase64),
    tokenIds: decoded(line.token_ids, uint32FromBase64),
    logprobs: decoded(line.logprobs, float32FromBase64),
    margins: decoded(line.margins, float32FromBase64),
    textEnds: decoded(line.text_ends, uint32FromBase64),
    text: line.text,
    outputDigest: line.output_digest,
    finishReason: line.finish_reason,
  };
  return broken.length === 0 && completionShapeMistakes(completion).length === 0 ? completion : null;
}
