/** Facts of the CPU that this process runs on. */
import { arch, cpus } from "node:os";
import type { Fact, FactValue } from "../model/fingerprint.ts";
import type { Files } from "../platform/files.ts";
import { availableThreads } from "./available-threads.ts";
import { type CpuDescription, parseCpuinfo } from "./cpuinfo.ts";

/**
 * `cpu.model`, `cpu.vendor`, `cpu.level`, `cpu.features` (names joined by spaces), `cpu.sve.bits`, `cpu.cores.physical`,
 * `cpu.threads.available`; what is not known has no fact.
 */
export async function cpuFacts(files: Files): Promise<readonly Fact[]> {
  const cpuinfo = await files.readText("/proc/cpuinfo");
  const sveBytes = Number((await files.readText("/proc/sys/abi/sve_default_vector_length"))?.trim() ?? "0");
  const described = cpuinfo === null ? describedByNode() : parseCpuinfo(cpuinfo);
  return [
    ...factsOf(described, cpuinfo === null ? "node:os" : "/proc/cpuinfo"),
    ...(sveBytes > 0
      ? [{ key: "cpu.sve.bits", value: sveBytes * 8, source: "/proc/sys/abi/sve_default_vector_length" }]
      : []),
    { key: "cpu.threads.available", value: await availableThreads(files), source: "affinity and control groups" },
  ];
}

function factsOf(cpu: CpuDescription, source: string): readonly Fact[] {
  const facts: readonly (readonly [string, FactValue])[] = [
    ["cpu.model", cpu.model],
    ["cpu.vendor", cpu.vendor],
    ["cpu.level", cpu.level],
    ["cpu.features", cpu.features?.join(" ") ?? null],
    ["cpu.cores.physical", cpu.physicalCores],
  ];
  return facts.flatMap(([key, value]) => (value === null ? [] : [{ key, value, source }]));
}

/** Where there is no /proc (macOS): the model's name stands for its features, see hardware-class.ts. */
function describedByNode(): CpuDescription {
  const architecture = arch();
  return {
    model: cpus()[0]?.model.trim() || null,
    vendor: null,
    level: architecture === "arm64" ? "aarch64" : architecture === "x64" ? "x86-64" : architecture,
    features: null,
    physicalCores: null,
  };
}
