/** What a command works with; the entries build it once, tests build it with parts of their own. */
import type { Engine } from "../engines/engine.ts";
import type { HostProbes } from "../environment/host-probes.ts";
import type { ProgressEvent } from "../model/progress.ts";
import type { EngineName, RuntimeName } from "../model/suite.ts";
import type { Clock } from "../platform/clock.ts";
import type { Files } from "../platform/files.ts";
import type { Git } from "../platform/git.ts";
import type { Runtime } from "../runtimes/runtime.ts";

export interface Workbench {
  readonly files: Files;
  readonly clock: Clock;
  readonly git: Git;
  readonly engines: { readonly [name in EngineName]: Engine };
  readonly runtimes: { readonly [name in RuntimeName]: Runtime };
  readonly host: HostProbes;
  /** Absolute path of the Hugging Face cache. */
  readonly hubCache: string;
  /** Such as `inference-gate 0.1.0`. */
  readonly tool: string;
  readonly onProgress: (event: ProgressEvent) => void;
  /** Aborted by SIGINT and SIGTERM; commands unwind and clean up. */
  readonly signal: AbortSignal;
}
