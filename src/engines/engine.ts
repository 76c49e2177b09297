/** What every inference engine adapter is: it plans a launch as data and opens a session on what runs. */
import type { Completion, OnToken } from "../model/completion.ts";
import type { LaunchPlan, RunningEngine } from "../model/launch-plan.ts";
import type { Problem } from "../model/problem.ts";
import type { CompletionRequest, EngineFacts } from "../model/request.ts";
import type { SamplingSupport } from "../model/sampling-params.ts";
import type { EngineName, Suite } from "../model/suite.ts";

export interface Engine {
  readonly name: EngineName;
  readonly sampling: SamplingSupport;
  /** Throws GateError for arguments that cannot be launched. */
  plan(suite: Suite): LaunchPlan;
  /** What the end of a log says of a start that failed, in more than its exit code; null when it says nothing. */
  whyNotStarted?(logTail: readonly string[]): Problem | null;
  /** Throws GateError when what answers is not the engine or model that was asked for. */
  open(at: RunningEngine, suite: Suite): Promise<EngineSession>;
}

export interface EngineSession {
  /** One request at a time. Throws GateError (verdict `error`) for every way in which the engine fails to answer well. */
  complete(request: CompletionRequest, onToken: OnToken): Promise<Completion>;
  describe(): Promise<EngineFacts>;
  close(): Promise<void>;
}
