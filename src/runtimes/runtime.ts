/** What every runtime is: it executes a launch plan and owns what it started until that is gone. */
import type { ContainerSpec } from "../model/container-spec.ts";
import type { LaunchPlan, RunningEngine } from "../model/launch-plan.ts";
import type { Problem } from "../model/problem.ts";
import type { ProgressEvent } from "../model/progress.ts";
import type { RuntimeName } from "../model/suite.ts";

export type Availability = { readonly available: true } | { readonly available: false; readonly problem: Problem };

/** Versions of the GPU driver; null where they are not known. */
export interface GpuDriver {
  readonly version: string | null;
  /** Newest CUDA version that the driver supports. */
  readonly cuda: string | null;
}

export interface ContainerStart {
  readonly spec: ContainerSpec;
  /** Told while an image is fetched. */
  readonly onProgress: (event: ProgressEvent) => void;
  /** Asked when the container is given GPUs. Throws GateError when there are none. */
  readonly gpuDriver: () => Promise<GpuDriver>;
}

export interface StartOptions {
  /** Aborting it during the start stops what was started. */
  readonly signal: AbortSignal;
  /** One line of the engine's log as it appears; hostile text. */
  readonly onLogLine: (line: string) => void;
  /** For a runtime with containers, which cannot start without it. */
  readonly container?: ContainerStart;
}

export interface Runtime {
  readonly name: RuntimeName;
  available(): Promise<Availability>;
  /** Resolves when the engine is ready. Throws GateError, with nothing left running, when it does not become ready. */
  start(plan: LaunchPlan, options: StartOptions): Promise<RunningEngine>;
  /** Stops what a crashed earlier run of ours left on this machine; returns what was stopped, in plain words. */
  sweep(): Promise<readonly string[]>;
}
