/** Which GPUs the engine computes on, by what engine and suite say of it. */
import type { Fact } from "../model/fingerprint.ts";
import type { EngineSpec } from "../model/suite.ts";
import type { Gpu, MigDevice } from "./gpu-report.ts";

/** `unused`: the engine says so. `used`: it says so. `unsaid`: it uses what there is. `why` names the evidence. */
export interface GpuIntent {
  readonly use: "unused" | "used" | "unsaid";
  /** Number of GPUs that work together; null for all that are visible. */
  readonly count: number | null;
  readonly why: string;
}

/** A GPU as the engine sees it: the whole board, or one slice of it. */
export interface UsedGpu {
  readonly gpu: Gpu;
  readonly slice: MigDevice | null;
}

const layerFlags = ["n-gpu-layers", "gpu-layers", "ngl"];
/** Engines that compute on one GPU, however many there are, until an option says more. */
const oneByDefault: readonly EngineSpec["name"][] = ["vllm", "vllm-server", "sglang"];

// What works together on one request: every factor multiplies.
const groupFlags = [
  ["tensor-parallel-size", "tp-size", "tp", "num-shard"],
  ["pipeline-parallel-size", "pp-size", "pp"],
];

/** What engine facts (first) and the suite's engine options (second) say about GPUs; `visible` is CUDA_VISIBLE_DEVICES. */
export function gpuIntent(
  spec: Pick<EngineSpec, "args"> & { readonly name?: EngineSpec["name"] },
  engineFacts: readonly Fact[],
  visible: string | null,
): GpuIntent {
  const facts = new Map(engineFacts.map((fact) => [fact.key, fact.value]));
  const settings = new Map<string, unknown>();
  for (const [name, value] of Object.entries(spec.args)) settings.set(flagName(name), value);
  for (const [key, value] of facts) {
    const flag = /^engine\.(?:flag|config\.parallel)\.([^.]+)$/.exec(key)?.[1];
    if (flag !== undefined) settings.set(flagName(flag), value);
  }
  const count = numberIn(facts.get("engine.gpu.count"));
  if (count !== null) return intentOf(count, "engine.gpu.count", count);
  const device = facts.get("engine.device");
  if (typeof device === "string" && /^cpu\b/i.test(device)) return intentOf(0, "engine.device", device);

  if (visible?.trim() === "" || visible?.trim() === "-1") {
    return intentOf(0, "CUDA_VISIBLE_DEVICES", JSON.stringify(visible));
  }
  for (const name of layerFlags) {
    const layers = numberIn(settings.get(name));
    if (layers === 0) return intentOf(0, name, layers);
    if (layers !== null) return { use: "used", count: groupSize(settings), why: `${name} is ${layers}` };
  }
  if (settings.get("device") === "none") return intentOf(0, "device", "none");
  const size = groupSize(settings) ?? (spec.name !== undefined && oneByDefault.includes(spec.name) ? 1 : null);
  if (typeof device === "string") return { use: "used", count: size, why: `engine.device is ${device}` };
  return { use: "unsaid", count: size, why: "the engine does not say whether it uses a GPU" };
}

function intentOf(count: number, name: string, value: string | number): GpuIntent {
  return { use: count > 0 ? "used" : "unused", count, why: `${name} is ${value}` };
}

function groupSize(settings: ReadonlyMap<string, unknown>): number | null {
  const sizes = groupFlags.map((names) => {
    const given = names.map((name) => numberIn(settings.get(name))).find((size) => size !== null && size > 0);
    return given ?? null;
  });
  if (sizes.some((size) => size !== null)) return sizes.reduce<number>((product, size) => product * (size ?? 1), 1);
  return settings.get("split-mode") === "none" ? 1 : null;
}

/**
 * The GPUs in use, in the order in which CUDA numbers them: those that CUDA_VISIBLE_DEVICES names (all when null), the first
 * `count` of them. A GPU in MIG mode gives one slice, and then nothing else: CUDA uses a single MIG device in a process.
 */
export function gpusInUse(gpus: readonly Gpu[], visible: string | null, count: number | null): readonly UsedGpu[] {
  const chosen = visible === null ? gpus.map(whole) : namedIn(visible, gpus);
  const slice = chosen.find((used) => used.slice !== null);
  const usable = slice === undefined ? chosen.filter((used) => used.gpu.migEnabled !== true) : [slice];
  return usable.slice(0, count ?? usable.length);
}

const whole = (gpu: Gpu): UsedGpu => ({ gpu, slice: gpu.migEnabled === true ? (gpu.migDevices[0] ?? null) : null });

// CUDA stops reading the list at the first word that names nothing.
// https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#env-vars
function namedIn(visible: string, gpus: readonly Gpu[]): readonly UsedGpu[] {
  const found: UsedGpu[] = [];
  for (const word of visible.split(",").map((part) => part.trim())) {
    const used = /^\d+$/.test(word)
      ? gpus.filter((gpu) => gpu.index === Number(word)).map(whole)
      : /^\d+:\d+$/.test(word)
        ? byPlace(word, gpus)
        : byUuid(word, gpus);
    if (used[0] === undefined) break;
    found.push(used[0]);
  }
  return found;
}

/** Such as `0:1`, in which containers are given slices. */
function byPlace(word: string, gpus: readonly Gpu[]): readonly UsedGpu[] {
  const [gpuIndex, sliceIndex] = word.split(":").map(Number);
  return gpus
    .filter((gpu) => gpu.index === gpuIndex)
    .flatMap((gpu) => gpu.migDevices.filter((slice) => slice.index === sliceIndex).map((slice) => ({ gpu, slice })));
}

function byUuid(word: string, gpus: readonly Gpu[]): readonly UsedGpu[] {
  if (word === "") return [];
  const slices = gpus.flatMap((gpu) => gpu.migDevices.map((slice) => ({ gpu, slice })));
  return [
    ...slices.filter(({ slice }) => slice.uuid?.startsWith(word)),
    ...gpus.filter((gpu) => gpu.uuid?.startsWith(word)).map(whole),
  ];
}

const flagName = (name: string) => name.replace(/^-+/, "").replaceAll("_", "-");

function numberIn(value: unknown): number | null {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return typeof value === "string" && /^-?\d{1,9}$/.test(value) ? Number(value) : null;
}
