/** What was measured inside the process that computes (drivers/inference_gate/attestation.py), told apart from what an engine merely says. */
import type { Fact } from "../model/fingerprint.ts";
import { gpuModel } from "./gpu-models.ts";

// A ready message puts `engine.` in front of keys of other rooms.
const ownRoom = /^engine\.((?:package|python|torch|driver)\.|gpu\.(?:count-visible$|\d+\.))/;

/** Facts of packages, Python, torch, driver and single GPUs under their own names, whoever told them. */
export function attestedFacts(engineFacts: readonly Fact[]): readonly Fact[] {
  return engineFacts.map((fact) => ({ ...fact, key: fact.key.replace(ownRoom, "$1") }));
}

const gpuKey = /^(?:gpu\.(?:count-visible|\d+\.)|driver\.)/;

/** Whether the facts tell of a GPU that torch saw. */
export const tellsGpus = (facts: readonly Fact[]) => facts.some(({ key }) => key === "gpu.0.multiprocessors");

/**
 * GPU facts from the inside alone, where no tool of the host tells them: `gpu.count` is the number in use (`count`, or all that are
 * visible), and facts of GPUs beyond it are left out.
 */
export function gpusFromInside(facts: readonly Fact[], count: number | null): readonly Fact[] {
  const visible = facts.find(({ key }) => key === "gpu.count-visible")?.value;
  const used = count ?? (typeof visible === "number" ? visible : 1);
  return [
    { key: "gpu.count", value: used, source: "torch" },
    ...facts.filter(({ key }) => gpuKey.test(key) && key !== "gpu.count-visible" && indexOf(key) < used),
  ];
}

/**
 * GPU facts of the host's tool, mended by those from the inside: the process is the witness for the multiprocessors and the compute
 * capability it computes with, for a slice of MIG that the tool could not name, and for which of unlike GPUs comes first.
 */
export function gpusFromBoth(host: readonly Fact[], inside: readonly Fact[]): readonly Fact[] {
  const seen = new Map(inside.map((fact) => [fact.key, fact]));
  const listed = new Map(host.map((fact) => [fact.key, fact.value]));
  const isOther = (index: number) => {
    const name = seen.get(`gpu.${index}.name`)?.value;
    return typeof name === "string" && !isSameGpu(String(listed.get(`gpu.${index}.name`) ?? name), name);
  };
  const kept = host.filter(({ key }) => !(gpuKey.test(key) && /^gpu/.test(key) && isOther(indexOf(key))));
  const keptKeys = new Set(kept.map(({ key }) => key));
  const count = Number(listed.get("gpu.count") ?? 0);
  const added = inside.filter(
    ({ key }) => /^gpu\.\d+\./.test(key) && indexOf(key) < count && (witness.test(key) || !keptKeys.has(key)),
  );
  const addedKeys = new Set(added.map(({ key }) => key));
  return [...added, ...kept.filter(({ key }) => !addedKeys.has(key))];
}

const witness = /^gpu\.\d+\.(?:multiprocessors|compute-capability)$/;

const indexOf = (key: string) => Number(/^gpu\.(\d+)\./.exec(key)?.[1] ?? 0);

const isSameGpu = (one: string, other: string) =>
  one.toLowerCase() === other.toLowerCase() || (gpuModel(one) !== null && gpuModel(one) === gpuModel(other));
