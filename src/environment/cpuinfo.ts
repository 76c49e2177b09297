/** Reads /proc/cpuinfo as the x86 and arm64 kernels print it. */
import { kernelFeatures, x86Level } from "./cpu-features.ts";

export interface CpuDescription {
  readonly model: string | null;
  readonly vendor: string | null;
  /** `x86-64-v3`, `aarch64`; null for another architecture. */
  readonly level: string | null;
  /** What kernels branch on beyond the level; null when the CPU's features are not known. */
  readonly features: readonly string[] | null;
  /** Cores, not threads; null when not told (arm64). */
  readonly physicalCores: number | null;
}

// Implementer and part of the cores found in servers: arm64 has no `model name` line.
// https://github.com/util-linux/util-linux/blob/master/sys-utils/lscpu-arm.c
const armCores: ReadonlyMap<string, string> = new Map([
  ["0x41/0xd08", "Cortex-A72"],
  ["0x41/0xd0c", "Neoverse-N1"],
  ["0x41/0xd40", "Neoverse-V1"],
  ["0x41/0xd49", "Neoverse-N2"],
  ["0x41/0xd4f", "Neoverse-V2"],
  ["0x41/0xd84", "Neoverse-V3"],
  ["0xc0/0xac3", "Ampere-1"],
  ["0xc0/0xac4", "Ampere-1a"],
]);
const armVendors: ReadonlyMap<string, string> = new Map([
  ["0x41", "ARM"],
  ["0x61", "Apple"],
  ["0xc0", "Ampere"],
]);

/** What the text says; null for what it does not say. Features are those that every listed CPU has. */
export function parseCpuinfo(text: string): CpuDescription {
  const processors = text
    .split(/\n\s*\n/)
    .map(fieldsOf)
    .filter((fields) => fields.has("processor"));
  const first = processors[0] ?? new Map<string, string>();
  const x86 = first.has("flags") && first.has("vendor_id");
  const arm = first.has("CPU implementer");
  const flags = commonFlags(processors, x86 ? "flags" : "Features");
  const implementer = first.get("CPU implementer") ?? "";
  return {
    model: first.get("model name") ?? (arm ? armModel(implementer, first.get("CPU part") ?? "") : null),
    vendor: first.get("vendor_id") ?? armVendors.get(implementer) ?? null,
    level: x86 ? x86Level(flags) : arm ? "aarch64" : null,
    features: x86 ? kernelFeatures("x86-64", flags) : arm ? kernelFeatures("aarch64", flags) : null,
    physicalCores: physicalCores(processors),
  };
}

function fieldsOf(block: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return fields;
}

// A machine with unlike cores runs kernels for what all of them can do.
function commonFlags(processors: readonly ReadonlyMap<string, string>[], field: string): ReadonlySet<string> {
  const sets = processors.map((fields) => new Set((fields.get(field) ?? "").split(/\s+/)));
  return new Set([...(sets[0] ?? [])].filter((flag) => sets.every((set) => set.has(flag))));
}

function armModel(implementer: string, part: string): string | null {
  return armCores.get(`${implementer}/${part}`) ?? (part === "" ? null : `arm ${implementer} ${part}`);
}

function physicalCores(processors: readonly ReadonlyMap<string, string>[]): number | null {
  const cores = new Set<string>();
  for (const fields of processors) {
    const core = fields.get("core id");
    if (core === undefined) return null;
    cores.add(`${fields.get("physical id") ?? "0"}/${core}`);
  }
  return cores.size === 0 ? null : cores.size;
}
