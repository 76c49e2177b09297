/** The settings of the determinism prelude, which drivers apply before an engine is imported and read back after it has started. */
import type { EngineName } from "./suite.ts";

/** `strict`: an operation without a deterministic form fails; `warn`: it is computed and named in the log. */
export const algorithmModes = ["strict", "warn", "off"] as const;
export const cublasWorkspaces = [":4096:8", ":16:8", "default"] as const;

/** By the names that suite and driver use. */
export interface Determinism {
  readonly seed: number;
  readonly hash_seed: number;
  readonly deterministic_algorithms: (typeof algorithmModes)[number];
  readonly fill_uninitialized_memory: boolean;
  readonly cublas_workspace: (typeof cublasWorkspaces)[number];
  readonly cudnn_deterministic: boolean;
  readonly cudnn_benchmark: boolean;
  readonly tf32: boolean;
  readonly compile: boolean;
  readonly autotune: boolean;
  readonly threads: number;
  readonly interop_threads: number;
  readonly multiprocessing: boolean;
  readonly batch_invariant: boolean;
}

/** Engines that are run by our own drivers, with the prelude. */
export const preludeEngines: readonly EngineName[] = ["vllm", "vllm-server", "transformers"];

/** Whether the engine always computes in a process of its own, so that `multiprocessing` is true where the suite is silent. */
export const isAlwaysApart = (engine: EngineName) => engine === "vllm-server";
