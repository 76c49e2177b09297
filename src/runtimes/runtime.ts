/** What every runtime is: it executes a launch plan and owns what it started until that is gone. */
import type { LaunchPlan, RunningEngine } from "../model/launch-plan.ts";
import type { Problem } from "../model/problem.ts";
import type { RuntimeName } from "../model/suite.ts";

export type Availability = { readonly available: true } | { readonly available: false; readonly problem: Problem };

export interface StartOptions {
  /** Aborting it during the start stops what was started. */
  readonly signal: AbortSignal;
  /** One line of the engine's log as it appears; hostile text. */
  readonly onLogLine: (line: string) => void;
}

export interface Runtime {
  readonly name: RuntimeName;
  available(): Promise<Availability>;
  /** Resolves when the engine is ready. Throws GateError, with nothing left running, when it does not become ready. */
  start(plan: LaunchPlan, options: StartOptions): Promise<RunningEngine>;
  /** Stops what a crashed earlier run of ours left on this machine; returns what was stopped, in plain words. */
  sweep(): Promise<readonly string[]>;
}
