/** Whether the GPUs that an engine is about to use are free, sound and large enough: pure, from what nvidia-smi told. */
import { gpuBusy, gpuFaulty, gpuMemoryShort } from "../messages/gpu.ts";
import type { Problem } from "../model/problem.ts";
import type { Gpu } from "./gpu-report.ts";
import type { UsedGpu } from "./gpu-use.ts";

export interface GpuNeeds {
  /** Bytes of the weights that are loaded as they are; null when that is not known or they are made smaller on the way. */
  readonly weightBytes: number | null;
  /** Share of each GPU's memory that the engine takes at its start; null when it takes what it needs. */
  readonly memoryShare: { readonly share: number; readonly option: string } | null;
  /** `refuse`: a GPU that somebody else computes on is an error. */
  readonly busy: "refuse" | "noted";
}

/** Memory that a driver and a display may hold; more without a process to be seen belongs to another container. */
const idleMib = 1536;

/** Problems of the GPUs in use, faults first; of a slice only its size is judged, since nvidia-smi tells the rest of the whole board. */
export function gpuProblems(used: readonly UsedGpu[], needs: GpuNeeds): readonly Problem[] {
  return [
    ...used.flatMap(({ gpu }) => faultOf(gpu)),
    ...used.flatMap(({ gpu, slice }) => (slice === null && needs.busy === "refuse" ? busyWith(gpu) : [])),
    ...tooSmall(used, needs),
  ];
}

const nameOf = (gpu: Gpu) => `GPU ${gpu.index}${gpu.name === null ? "" : ` (${gpu.name})`}`;

function faultOf(gpu: Gpu): readonly Problem[] {
  const { uncorrected, remapPending, remapFailed } = gpu.faults;
  const found = [
    ...((uncorrected ?? 0) > 0 ? [`${uncorrected} uncorrected memory errors since the driver was loaded`] : []),
    ...(remapPending === true ? ["a row that awaits a reset to be replaced"] : []),
    ...(remapFailed === true ? ["a row that could not be replaced"] : []),
  ];
  return found.length === 0
    ? []
    : [gpuFaulty({ gpu: nameOf(gpu), index: gpu.index, found, worn: remapFailed === true })];
}

function busyWith(gpu: Gpu): readonly Problem[] {
  const others = gpu.processes.filter(({ kind }) => kind === "compute");
  const seen = gpu.processes.reduce((sum, { usedMemoryMib }) => sum + (usedMemoryMib ?? 0), 0);
  const hidden = Math.max(0, (gpu.usedMemoryMib ?? 0) - seen);
  if (others.length === 0 && hidden <= idleMib) return [];
  const processes = others.map(({ pid, name, usedMemoryMib }) => ({ pid, name, usedMib: usedMemoryMib }));
  return [gpuBusy({ gpu: nameOf(gpu), processes, hiddenMib: hidden > idleMib ? hidden : null })];
}

function tooSmall(used: readonly UsedGpu[], { weightBytes, memoryShare }: GpuNeeds): readonly Problem[] {
  const totals = used.map(({ gpu, slice }) => (slice === null ? gpu.memoryMib : slice.memoryMib));
  const total = totals.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  const weightsMib = weightBytes === null ? null : Math.ceil(weightBytes / 2 ** 20);
  if (total !== null && used.length > 0 && weightsMib !== null && weightsMib > total) {
    const gpus = used.map(({ gpu }) => nameOf(gpu)).join(", ");
    return [gpuMemoryShort({ gpus, haveMib: total, needMib: weightsMib, why: "the weights alone" })];
  }
  if (memoryShare === null) return [];
  return used.flatMap(({ gpu, slice }) => {
    if (slice !== null || gpu.memoryMib === null || gpu.freeMemoryMib === null) return [];
    const needMib = Math.floor(gpu.memoryMib * memoryShare.share);
    if (gpu.freeMemoryMib >= needMib) return [];
    const why = `${memoryShare.option} ${memoryShare.share} of ${gpu.memoryMib} MiB`;
    return [gpuMemoryShort({ gpus: nameOf(gpu), haveMib: gpu.freeMemoryMib, needMib, why })];
  });
}
