/** The form in which a page carries the answers of a case: a head as JSON, then numbers; each answer tells only what its first one does not. */
import type { FinishReason } from "../../model/completion.ts";
import type { Answer } from "../detail.ts";

export interface PackedAnswer {
  readonly of: Answer["of"];
  readonly finishReason: FinishReason;
  readonly outputDigest: string | null;
  /** Digests by what they are of, in place of the answer itself; null for an answer that is told. */
  readonly redacted: readonly (readonly [label: string, digest: string | number | null])[] | null;
  /** Null when the engine tells no ids. */
  readonly tokens: number | null;
  /** Leading tokens that are those of the first answer, text and all; 0 for the first one. */
  readonly shared: number;
  /** UTF-16 code units that the text has in common with that of the first answer. */
  readonly sharedText: number;
  /** The text from there on. */
  readonly text: string;
  readonly has: {
    readonly textEnds: boolean;
    readonly logprobs: boolean;
    readonly margins: boolean;
    /** Numbers of the shared tokens that differ from those of the first answer. */
    readonly sharedLogprobs: boolean;
    readonly sharedMargins: boolean;
  };
}

export interface PackedHead {
  readonly contract: string | null;
  readonly answers: readonly PackedAnswer[];
}
