/** What can be asked of the machine, as a port: tests answer from recorded outputs. */
import type { Fact } from "../model/fingerprint.ts";
import type { ProgressEvent } from "../model/progress.ts";
import type { EngineSpec } from "../model/suite.ts";
import type { Clock } from "../platform/clock.ts";
import type { CommandRunner } from "../platform/command-runner.ts";
import type { Files } from "../platform/files.ts";
import { cpuFacts } from "./cpu.ts";
import { engineFileFacts } from "./engine-files.ts";
import { hostFacts } from "./host.ts";
import { modelFileFacts } from "./model-files.ts";
import { type GpuProbe, probeNvidiaSmi } from "./nvidia-smi.ts";

export interface HostProbes {
  /** Our own CUDA_VISIBLE_DEVICES, which every runtime passes on; null when it is not set. */
  readonly visibleGpus: string | null;
  /** Never rejects. */
  gpus(): Promise<GpuProbe>;
  cpu(): Promise<readonly Fact[]>;
  host(): Promise<readonly Fact[]>;
  /** Throws GateError for a file that cannot be read. */
  modelFiles(path: string): Promise<readonly Fact[]>;
  /** Files that the engine's options name, relative to `folder`. Throws GateError for a file that cannot be read. */
  engineFiles(spec: Pick<EngineSpec, "args">, folder: string): Promise<readonly Fact[]>;
}

export interface HostProbesOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly runner: CommandRunner;
  /** Folder for digests of model files; created when needed. */
  readonly cacheFolder: string;
  /** Ends long readings; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
  /** `process.env`. */
  readonly environment: { readonly [name: string]: string | undefined };
}

/** The probes of this machine. */
export function hostProbes(options: HostProbesOptions): HostProbes {
  return {
    visibleGpus: options.environment.CUDA_VISIBLE_DEVICES ?? null,
    gpus: () => probeNvidiaSmi(options.runner),
    cpu: () => cpuFacts(options.files),
    host: () => hostFacts(options.files),
    modelFiles: (path) => modelFileFacts(path, options),
    engineFiles: (spec, folder) => engineFileFacts(spec, folder, options),
  };
}
