/** Names the machines whose results may be expected to agree, from facts alone; docs/environment.md gives the evidence. */
import type { Fact, FactValue, HardwareClass } from "../model/fingerprint.ts";
import { parseHardwareClass } from "../model/fingerprint.ts";

/** `gpu`, `cpu`: what the engine computes on. `software`: outputs not bound to hardware. `attached`: hardware we cannot see. */
export type ComputesOn = "gpu" | "cpu" | "software" | "attached";

type Facts = ReadonlyMap<string, FactValue>;

/**
 * Such as `cc9.0-sm132-x1`, `cc8.0-sm14-x1-mig-1g.10gb`, `cpu-x86-64-v3-t2`, `software`, `attached-openai`. Total: whatever the
 * facts hold, the result is a valid class.
 */
export function hardwareClass(computesOn: ComputesOn, facts: readonly Fact[]): HardwareClass {
  const byKey: Facts = new Map(facts.map((fact) => [fact.key, fact.value]));
  const parts = {
    gpu: () => gpuParts(byKey),
    cpu: () => cpuParts(byKey),
    software: () => ["software"],
    attached: () => attachedParts(byKey),
  }[computesOn]();
  return asClass(parts);
}

function gpuParts(facts: Facts): readonly string[] {
  const count = Number(facts.get("gpu.count") ?? 0);
  const groups = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const kind = gpuKind(facts, `gpu.${index}`);
    groups.set(kind, (groups.get(kind) ?? 0) + 1);
  }
  const slice = facts.get("gpu.0.mig");
  return [
    ...[...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, members]) => `${kind}-x${members}`),
    ...(typeof slice === "string" ? [`mig-${migProfile(slice)}`] : []),
  ];
}

function gpuKind(facts: Facts, prefix: string): string {
  const capability = facts.get(`${prefix}.compute-capability`);
  const multiprocessors = facts.get(`${prefix}.multiprocessors`);
  const name = slug(facts.get(`${prefix}.name`) ?? "unknown");
  if (capability === undefined || capability === null) return `gpu-${name}`;
  return `cc${slug(capability)}-${typeof multiprocessors === "number" ? `sm${multiprocessors}` : name}`;
}

// Drivers 535 and 545 call the same slice 3g.39gb: https://github.com/NVIDIA/mig-parted/issues/31
const migProfile = (profile: string) => slug(profile.replace("3g.39gb", "3g.40gb"));

function cpuParts(facts: Facts): readonly string[] {
  const level = facts.get("cpu.level") ?? "unknown";
  const features = facts.get("cpu.features");
  const vector = facts.get("cpu.sve.bits");
  const threads = facts.get("engine.threads") ?? facts.get("engine.flag.threads") ?? facts.get("cpu.threads.available");
  return [
    "cpu",
    slug(level),
    ...(typeof features === "string" ? features.split(" ").map(slug) : [slug(facts.get("cpu.model") ?? "")]),
    ...(typeof vector === "number" ? [`sve${vector}`] : []),
    `t${slug(threads ?? "unknown")}`,
  ];
}

function attachedParts(facts: Facts): readonly string[] {
  const told = ["engine.name", "engine.device", "engine.gpu.name"].map((key) => facts.get(key) ?? "");
  const count = facts.get("engine.gpu.count");
  return ["attached", ...told.map(slug), typeof count === "number" && count > 0 ? `x${count}` : ""];
}

function slug(value: Exclude<FactValue, null>): string {
  return String(value)
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 40)
    .replace(/[-.]+$/, "");
}

function asClass(parts: readonly string[]): HardwareClass {
  const text = parts.filter((part) => part !== "").join("-");
  const parsed = parseHardwareClass(text) ?? parseHardwareClass(`${text.slice(0, 80)}-${checksum(text)}`);
  if (parsed === null) throw new RangeError(`${JSON.stringify(text)} is no hardware class`);
  return parsed;
}

/** FNV-1a of 32 bits: tells two classes apart whose names had to be cut. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const unit of text) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
