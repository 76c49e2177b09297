/** What every inference engine adapter is: it plans a launch as data and opens a session on what runs. */
import type { Completion, OnToken } from "../model/completion.ts";
import type { LaunchPlan, RunningEngine } from "../model/launch-plan.ts";
import type { CompletionRequest, EngineFacts } from "../model/request.ts";
import type { SamplingField } from "../model/sampling-params.ts";
import type { EngineName, Suite } from "../model/suite.ts";

/** What of a suite an engine can honour; anything else is refused before a launch. */
export interface SamplingSupport {
  readonly fields: readonly SamplingField[];
  /** Names of the engine's own that may be given beside vLLM's. */
  readonly extra: readonly string[];
  /** Whether the engine can return token ids and log-probabilities (tiers `bits`, `tokens`, `close`). */
  readonly tokenIds: boolean;
}

export interface Engine {
  readonly name: EngineName;
  readonly sampling: SamplingSupport;
  /** Throws GateError for arguments that cannot be launched. */
  plan(suite: Suite): LaunchPlan;
  /** Throws GateError when what answers is not the engine or model that was asked for. */
  open(at: RunningEngine, suite: Suite): Promise<EngineSession>;
}

export interface EngineSession {
  /** One request at a time. Throws GateError (verdict `error`) for every way in which the engine fails to answer well. */
  complete(request: CompletionRequest, onToken: OnToken): Promise<Completion>;
  describe(): Promise<EngineFacts>;
  close(): Promise<void>;
}
