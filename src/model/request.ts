/** One request to an engine, complete and engine-neutral. */
import type { CaseId, Prompt } from "./case.ts";
import type { Fact } from "./fingerprint.ts";
import type { CaseSampling } from "./sampling-params.ts";

export interface CompletionRequest {
  readonly caseId: CaseId;
  readonly prompt: Prompt;
  readonly sampling: CaseSampling;
  /** True when the tier needs token ids: an answer without them is an error. */
  readonly needsTokenIds: boolean;
  /** Aborted on time-out, on a stop by the gate and on a signal. */
  readonly signal: AbortSignal;
}

/** What the engine itself reports: version, resolved settings, digests; keys start with `engine.` or `model.`. */
export type EngineFacts = readonly Fact[];
