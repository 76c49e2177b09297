/** The versions of the GPU driver, for a launch that hands out GPUs. */
import { gpuExpected, nvidiaSmiMissing } from "../messages/environment.ts";
import { GateError } from "../model/problem.ts";
import type { HostProbes } from "./host-probes.ts";

const why = "container.gpus asks for GPUs";

/** Throws GateError when the driver does not answer or there is no GPU. */
export async function gpuDriver(
  host: Pick<HostProbes, "gpus">,
): Promise<{ readonly version: string | null; readonly cuda: string | null }> {
  const probe = await host.gpus();
  if (probe.kind === "problem") throw new GateError([probe.problem]);
  if (probe.kind === "none")
    throw new GateError([probe.installed ? gpuExpected({ why, found: probe.reason }) : nvidiaSmiMissing({ why })]);
  return { version: probe.report.driverVersion, cuda: probe.report.cudaVersion };
}
