/** The recorded answer that a completion is held against. */
import type { CaseId } from "./case.ts";
import type { Completion, FinishReason } from "./completion.ts";
import type { Digest } from "./digest.ts";
import type { HardwareClass } from "./fingerprint.ts";
import type { Json } from "./json.ts";

/** What all repeats agreed on when the golden was recorded. */
export interface Repeats {
  readonly launches: number;
  readonly perLaunch: number;
  /** `bits`: also every log-probability bit; `tokens`: ids and text; `text`: the engine gives no ids. */
  readonly agreed: "bits" | "tokens" | "text";
}

/** Digests in place of a confidential prompt and output. */
export interface RedactedCompletion {
  readonly promptTokenIds: Digest | null;
  readonly tokenIds: Digest | null;
  readonly logprobs: Digest | null;
  readonly text: Digest;
  readonly outputDigest: Digest | null;
  /** Number of output tokens; null when the engine gives no ids. */
  readonly tokenCount: number | null;
  readonly finishReason: FinishReason;
}

export type GoldenContent =
  | { readonly kind: "full"; readonly completion: Completion }
  | { readonly kind: "redacted"; readonly completion: RedactedCompletion };

export interface Golden {
  readonly caseId: CaseId;
  readonly hardwareClass: HardwareClass;
  readonly generation: number;
  /** Contract of the case: engine, model, prompt and sampling; see suite/contract.ts. */
  readonly contract: Digest;
  /** Digest of the prompt as written in the suite. */
  readonly prompt: Digest;
  /** The resolved sampling, so that a changed field can be named. */
  readonly sampling: { readonly [name: string]: Json };
  readonly repeats: Repeats;
  readonly content: GoldenContent;
}
