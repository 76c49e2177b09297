/** How many logical CPUs this process may use at once: affinity and the quota of its control groups. */
import { availableParallelism } from "node:os";
import type { Files } from "../platform/files.ts";

/** At least 1. Reads /proc/self/cgroup and below /sys/fs/cgroup; without them, what Node tells of the affinity. */
export async function availableThreads(files: Files): Promise<number> {
  const own = cgroupPaths((await files.readText("/proc/self/cgroup")) ?? "");
  const limits = await Promise.all([...v2Limits(files, own.v2), v1Limit(files, own.cpu)]);
  const quotas = limits.filter((limit) => limit !== null).map((limit) => Math.max(1, Math.ceil(limit)));
  return Math.min(availableParallelism(), ...quotas);
}

/** Paths of this process in the unified hierarchy and in the `cpu` controller; `/` where there is none. */
export function cgroupPaths(text: string): { readonly v2: string; readonly cpu: string } {
  const lines = text.split("\n").map((line) => line.split(":"));
  const pathOf = (is: (controllers: string) => boolean) =>
    lines
      .find((parts) => parts.length >= 3 && is(parts[1] ?? ""))
      ?.slice(2)
      .join(":") ?? "/";
  return {
    v2: pathOf((controllers) => controllers === ""),
    cpu: pathOf((controllers) => controllers.split(",").includes("cpu")),
  };
}

/** CPUs that `cpu.max` grants (`200000 100000` is 2); null for `max` or anything else. */
export function parseCpuMax(text: string): number | null {
  const match = /^(\d+) (\d+)\s*$/.exec(text);
  return match === null || Number(match[2]) === 0 ? null : Number(match[1]) / Number(match[2]);
}

// A limit may stand at any level above; inside a container the own level is mounted as the root.
function v2Limits(files: Files, path: string): Promise<number | null>[] {
  const names = path.split("/").filter((name) => name !== "" && name !== "..");
  const folders = [...names.keys(), names.length].map((depth) =>
    ["/sys/fs/cgroup", ...names.slice(0, depth)].join("/"),
  );
  return folders.map(async (folder) => parseCpuMax((await files.readText(`${folder}/cpu.max`)) ?? ""));
}

async function v1Limit(files: Files, path: string): Promise<number | null> {
  for (const folder of [`/sys/fs/cgroup/cpu${path === "/" ? "" : path}`, "/sys/fs/cgroup/cpu"]) {
    const quota = await files.readText(`${folder}/cpu.cfs_quota_us`);
    const period = await files.readText(`${folder}/cpu.cfs_period_us`);
    if (quota !== null && period !== null) return parseCpuMax(`${quota.trim()} ${period.trim()}`);
  }
  return null;
}
