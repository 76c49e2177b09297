/** A loaded suite: everything a user declared, checked and resolved. */
import type { Case, ComparePolicy } from "./case.ts";
import type { ContainerSpec } from "./container-spec.ts";
import type { Determinism } from "./determinism.ts";
import type { Digest } from "./digest.ts";
import type { Json } from "./json.ts";
import type { SourceLocation } from "./problem.ts";

export const engineNames = [
  "vllm",
  "vllm-server",
  "transformers",
  "sglang",
  "tgi",
  "llama-cpp",
  "openai",
  "scripted",
  "command",
] as const;
export type EngineName = (typeof engineNames)[number];

export const runtimeNames = ["process", "docker", "podman", "attached"] as const;
export type RuntimeName = (typeof runtimeNames)[number];

export const containerRuntimeNames = ["docker", "podman"] as const;
export type ContainerRuntimeName = (typeof containerRuntimeNames)[number];

/** Whether the engine runs in a container of this runtime. */
export const isContainerRuntime = (name: RuntimeName): name is ContainerRuntimeName =>
  name === "docker" || name === "podman";

export interface EngineSpec {
  readonly name: EngineName;
  /** Command line that starts the engine, where the engine's own default is not wanted; relative paths are looked up beside the suite, then on PATH. */
  readonly command: readonly string[] | null;
  /** The engine's own options by its own names, passed exactly. */
  readonly args: { readonly [name: string]: Json };
  readonly env: { readonly [name: string]: string };
  /** URL of a server that somebody else started (runtime `attached`). */
  readonly url: string | null;
  readonly source: SourceLocation;
}

export interface ModelSpec {
  readonly name: string;
  /** Full commit id of the model repository; null for a local file. */
  readonly revision: string | null;
  /** Absolute path of a local weight file or folder. */
  readonly path: string | null;
  readonly source: SourceLocation;
}

export interface Timeouts {
  readonly startupMs: number;
  /** Whole completion. */
  readonly caseMs: number;
  /** Longest silence between two tokens, the first included. */
  readonly stallMs: number;
  readonly stopMs: number;
}

export interface Suite {
  /** Name by which lock and goldens know the suite. */
  readonly name: string;
  /** Absolute path of suite.yml. */
  readonly path: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly runtime: RuntimeName;
  /** Null for a runtime without a container. */
  readonly container: ContainerSpec | null;
  readonly engine: EngineSpec;
  readonly model: ModelSpec | null;
  /** Null for engines that are not run by a driver of ours. */
  readonly determinism: Determinism | null;
  /** Digest of each file named under `dependencies`, by its path relative to the suite. */
  readonly dependencies: { readonly [path: string]: Digest };
  readonly compare: ComparePolicy;
  readonly record: { readonly launches: number; readonly repeats: number };
  readonly timeouts: Timeouts;
  /** `strict`: a changed driver version is a changed environment; `noted`: it is only reported. */
  readonly driverPolicy: "strict" | "noted";
  /** `refuse`: a GPU that somebody else computes on stops the run before the engine is started. */
  readonly busyGpu: "refuse" | "noted";
  readonly redact: boolean;
  readonly cases: readonly Case[];
}
