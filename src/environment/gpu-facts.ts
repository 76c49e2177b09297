/** Facts of the GPUs in use; UUIDs, serial numbers, load and temperature are left out: they change without changing outputs. */
import type { Fact, FactValue } from "../model/fingerprint.ts";
import { gpuModel } from "./gpu-models.ts";
import type { GpuReport } from "./gpu-report.ts";
import type { UsedGpu } from "./gpu-use.ts";

const smi = "nvidia-smi";
const table = "table of GPU models";

/** `gpu.count`, `gpu.<n>.*` with n counting the GPUs in use from 0, `driver.*`; what is not known has no fact. */
export function gpuFacts(report: GpuReport, used: readonly UsedGpu[]): readonly Fact[] {
  return [
    ...fact("driver.version", report.driverVersion, smi),
    ...fact("driver.cuda", report.cudaVersion, smi),
    ...fact("gpu.count", used.length, smi),
    ...used.flatMap((one, index) => factsOf(one, `gpu.${index}`)),
  ];
}

function factsOf({ gpu, slice }: UsedGpu, prefix: string): readonly Fact[] {
  const model = gpu.name === null ? null : gpuModel(gpu.name);
  const capability = gpu.computeCapability;
  const sm = slice === null ? (model?.multiprocessors ?? null) : slice.multiprocessors;
  return [
    ...fact(`${prefix}.name`, gpu.name, smi),
    ...fact(`${prefix}.compute-capability`, capability ?? model?.computeCapability ?? null, capability ? smi : table),
    ...fact(`${prefix}.multiprocessors`, sm, slice === null ? table : smi),
    ...fact(`${prefix}.memory.mib`, slice === null ? gpu.memoryMib : slice.memoryMib, smi),
    ...fact(`${prefix}.ecc`, gpu.eccEnabled, smi),
    ...(slice === null ? [] : fact(`${prefix}.mig`, slice.profile ?? "unknown", smi)),
  ];
}

function fact(key: string, value: FactValue, source: string): readonly Fact[] {
  return value === null ? [] : [{ key, value, source }];
}
