/** Asks nvidia-smi which GPUs there are, and tells a machine without GPUs from one whose driver does not answer. */
import { nvidiaSmiFailed, nvidiaSmiTimedOut, nvidiaSmiUnreadable } from "../messages/environment.ts";
import type { Problem } from "../model/problem.ts";
import type { CommandResult, CommandRunner } from "../platform/command-runner.ts";
import { type Gpu, type GpuReport, type MigDevice, parseGpuReport } from "./gpu-report.ts";

export type GpuProbe =
  | { readonly kind: "gpus"; readonly report: GpuReport }
  /** No nvidia-smi, or one that lists no GPU; `reason` in its words. */
  | { readonly kind: "none"; readonly installed: boolean; readonly reason: string }
  | { readonly kind: "problem"; readonly problem: Problem };

// A driver without persistence mode takes several seconds to wake eight GPUs.
const timeoutMs = 20_000;

const describe = ["nvidia-smi", "-q", "-x"] as const;
const capabilities = ["nvidia-smi", "--query-gpu=index,compute_cap", "--format=csv,noheader"] as const;
const listing = ["nvidia-smi", "-L"] as const;

// https://docs.nvidia.com/deploy/nvidia-smi/index.html, "Return value": 14 is a warning (a corrupted infoROM).
const goodCodes: readonly (number | null)[] = [0, 14];

/** Runs nvidia-smi up to three times, each at most 20 s. Never rejects. */
export async function probeNvidiaSmi(runner: CommandRunner): Promise<GpuProbe> {
  const described = await runner.run(describe, timeoutMs);
  const command = describe.join(" ");
  if (described.failure === "missing") return { kind: "none", installed: false, reason: "no nvidia-smi on PATH" };
  if (described.failure === "timeout") return { kind: "problem", problem: nvidiaSmiTimedOut({ command, timeoutMs }) };
  // The messages of NVML go to stdout.
  const output = `${described.stdout}\n${described.stderr}`.trim();
  if (/no devices were found/i.test(output)) {
    return { kind: "none", installed: true, reason: "No devices were found" };
  }
  if (!goodCodes.includes(described.code)) {
    return { kind: "problem", problem: nvidiaSmiFailed({ command, code: described.code, output }) };
  }
  const report = parseGpuReport(described.stdout);
  if (report === null) return { kind: "problem", problem: nvidiaSmiUnreadable({ command, output }) };
  if (report.gpus.length === 0) return { kind: "none", installed: true, reason: "nvidia-smi lists no GPU" };
  const capable = withComputeCapabilities(report, await runner.run(capabilities, timeoutMs));
  const sliced = capable.gpus.some((gpu) => gpu.migEnabled === true);
  return { kind: "gpus", report: sliced ? withMigProfiles(capable, await runner.run(listing, timeoutMs)) : capable };
}

/** Adds the compute capability; driver 470 ends with `Field "compute_cap" is not a valid field to query.` */
export function withComputeCapabilities(report: GpuReport, queried: CommandResult): GpuReport {
  if (queried.code !== 0) return report;
  const byIndex = new Map(
    [...queried.stdout.matchAll(/^\s*(\d+)\s*,\s*(\d{1,2}\.\d)\s*$/gm)].map((match) => [Number(match[1]), match[2]]),
  );
  return {
    ...report,
    gpus: report.gpus.map((gpu) => ({ ...gpu, computeCapability: byIndex.get(gpu.index) ?? null })),
  };
}

/** Adds profile and UUID of each MIG device from `nvidia-smi -L`: the XML knows neither. */
export function withMigProfiles(report: GpuReport, listed: CommandResult): GpuReport {
  if (listed.code !== 0) return report;
  const devices = new Map<string, Pick<MigDevice, "profile" | "uuid">>();
  let gpuIndex = -1;
  for (const line of listed.stdout.split(/\r?\n/)) {
    gpuIndex = Number(/^GPU (\d+):/.exec(line)?.[1] ?? gpuIndex);
    const mig = /^\s+MIG (\S+)\s+Device\s+(\d+): \(UUID: ([^)]+)\)/.exec(line);
    if (mig !== null) devices.set(`${gpuIndex}/${mig[2]}`, { profile: mig[1] ?? null, uuid: mig[3] ?? null });
  }
  const named = (gpu: Gpu) => (device: MigDevice) => ({ ...device, ...devices.get(`${gpu.index}/${device.index}`) });
  return { ...report, gpus: report.gpus.map((gpu) => ({ ...gpu, migDevices: gpu.migDevices.map(named(gpu)) })) };
}
