/** What an image demands of the GPU driver, by the variables that NVIDIA's images carry. Pure. */
import type { GpuDriver } from "../runtime.ts";

export interface UnmetRequirement {
  /** Such as `NVIDIA_REQUIRE_CUDA=cuda>=12.8`. */
  readonly source: string;
  /** In words, such as `a driver with CUDA 12.8 or newer`. */
  readonly wanted: string;
}

type Environment = ReadonlyMap<string, string>;

/**
 * The requirement that this driver certainly does not meet, or null. A variable holds alternatives separated by spaces; each is a list of
 * conditions separated by commas: https://github.com/NVIDIA/nvidia-container-toolkit/tree/main/cmd/nvidia-container-runtime
 */
export function unmetRequirement(env: Environment, driver: GpuDriver): UnmetRequirement | null {
  if (/^(?:1|t|true)$/i.test(env.get("NVIDIA_DISABLE_REQUIRE") ?? "")) return null;
  for (const [name, value] of env) {
    if (!name.startsWith("NVIDIA_REQUIRE_")) continue;
    const alternatives = value.split(/\s+/).filter((one) => one !== "");
    if (alternatives.length === 0 || alternatives.some((one) => mayHold(one, driver))) continue;
    return { source: `${name}=${value}`, wanted: inWords(alternatives[0] ?? value) };
  }
  return majorTooNew(env, driver);
}

/** Whether an alternative is not certainly unmet; what is said of a brand or an architecture is not known here. */
function mayHold(alternative: string, driver: GpuDriver): boolean {
  return alternative.split(",").every((condition) => {
    const match = /^(cuda|driver)(>=|<=|!=|=|<|>)([0-9.]+)$/.exec(condition);
    if (match === null) return true;
    const [, subject, operator = "", wanted = ""] = match;
    const found = subject === "cuda" ? driver.cuda : driver.version;
    return found === null || holds(compareVersions(found, wanted), operator);
  });
}

function holds(order: number, operator: string): boolean {
  if (operator === ">=") return order >= 0;
  if (operator === "<=") return order <= 0;
  if (operator === "!=") return order !== 0;
  if (operator === "=") return order === 0;
  return operator === "<" ? order < 0 : order > 0;
}

// Within one major version of CUDA a driver runs what a newer toolkit has built:
// https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
function majorTooNew(env: Environment, driver: GpuDriver): UnmetRequirement | null {
  const version = env.get("CUDA_VERSION") ?? "";
  const has = [...env.keys()].some((name) => name.startsWith("NVIDIA_REQUIRE_"));
  if (has || driver.cuda === null || !/^\d+(?:\.\d+)*$/.test(version)) return null;
  if (Number(version.split(".")[0]) <= Number(driver.cuda.split(".")[0])) return null;
  return { source: `CUDA_VERSION=${version}`, wanted: `a driver with CUDA ${version.split(".")[0]}.0 or newer` };
}

function inWords(alternative: string): string {
  const cuda = /(?:^|,)cuda>=([0-9.]+)/.exec(alternative)?.[1];
  if (cuda !== undefined) return `a driver with CUDA ${cuda} or newer`;
  return `a driver that meets ${alternative}`;
}

/** Negative when `one` is older; missing parts count as 0. */
function compareVersions(one: string, other: string): number {
  const [a, b] = [one.split(".").map(Number), other.split(".").map(Number)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
