/** What an engine answered to one case. */
import type { Digest } from "./digest.ts";

export const finishReasons = ["stop", "length", "abort"] as const;
/** `stop`: end-of-sequence or a stop string; `length`: the token limit; `abort`: ended early by the gate. */
export type FinishReason = (typeof finishReasons)[number];

/** Stands in `tokenIds` for a token that the engine counted and did not tell, such as llama.cpp's parts of one character. */
export const unknownTokenId = 0xffff_ffff;

export interface Completion {
  /** Ids of the prompt as the engine saw it; null when the engine does not tell. */
  readonly promptTokenIds: Uint32Array | null;
  /** Output ids, length n; null when the engine does not tell any. */
  readonly tokenIds: Uint32Array | null;
  /** Log-probability in nats of each chosen token, length n, exact float32. */
  readonly logprobs: Float32Array | null;
  /** Chosen minus best other log-probability in nats, length n; negative when a less likely token was drawn; NaN where unknown. */
  readonly margins: Float32Array | null;
  /** End of each token's text in `text`, length n, in UTF-16 code units; for display, never compared. */
  readonly textEnds: Uint32Array | null;
  readonly text: string;
  /** Digest of an output that is not text (engine `command`). */
  readonly outputDigest: Digest | null;
  readonly finishReason: FinishReason;
}

/** One streamed token; an engine that does not stream yields its tokens at the end. */
export interface StreamedToken {
  /** 0-based position in the output. */
  readonly index: number;
  readonly id: number | null;
  /** Nats. */
  readonly logprob: number | null;
  /** Nats. */
  readonly margin: number | null;
  /** Text this token added; may be empty while a multi-byte character is incomplete. */
  readonly text: string;
}

/** Called for each token as it arrives; `stop` ends the completion, whose finish reason is then `abort`. */
export type OnToken = (token: StreamedToken) => "continue" | "stop";
