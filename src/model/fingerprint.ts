/** What was measured of host and engine: a flat list of facts, each with the place it was read from. */

declare const hardwareClassBrand: unique symbol;
/** Machines whose results may be expected to agree, such as `cc9.0-sm132-x1` or `cpu-x86-64-v3-t2`; also a folder name. */
export type HardwareClass = string & { readonly [hardwareClassBrand]: true };

export const hardwareClassPattern = /^[a-z0-9][a-z0-9._-]{0,98}[a-z0-9]$/;

/** The class, or null when the text cannot be one (lower case, 2 to 100 characters, no separator). */
export function parseHardwareClass(text: string): HardwareClass | null {
  return hardwareClassPattern.test(text) ? (text as HardwareClass) : null;
}

export type FactValue = string | number | boolean | null;

/** Key such as `gpu.0.name`, `driver.version`, `engine.flag.threads`, `model.file.weights.gguf`. */
export interface Fact {
  readonly key: string;
  readonly value: FactValue;
  /** Where it was read: `nvidia-smi`, `/proc/cpuinfo`, `GET /props`, … */
  readonly source: string;
}

export interface Fingerprint {
  readonly hardwareClass: HardwareClass;
  /** Sorted by key, keys unique. */
  readonly facts: readonly Fact[];
}

/** `breaking`: outputs can no longer be expected to agree; `noted`: recorded and reported, no verdict. */
export type ChangeWeight = "breaking" | "noted";

/** What a fact is about; a difference is shown under it. `machine` is what is only noted: host, runtime. */
export const factGroups = [
  "model",
  "image",
  "engine",
  "packages",
  "settings",
  "variables",
  "hardware",
  "machine",
] as const;
export type FactGroup = (typeof factGroups)[number];

/** One difference between the lock and now. */
export interface EnvironmentChange {
  readonly key: string;
  readonly group: FactGroup;
  /** Plain words, such as `model file weights.gguf`. */
  readonly label: string;
  /** Null when absent. */
  readonly before: FactValue;
  readonly after: FactValue;
  readonly weight: ChangeWeight;
  /** 1 is the most likely to change outputs. */
  readonly rank: number;
}
