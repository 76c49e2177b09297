/** What must hold before a container is started: an engine that answers, an address that can be reached, GPUs that can be handed out. */
import { readdir } from "node:fs/promises";
import { z } from "zod";
import {
  containerAddressUnreachable,
  containerEngineDown,
  containerVariableMissing,
} from "../../messages/runtimes-container.ts";
import { driverTooOld, noGpuSupport } from "../../messages/runtimes-image.ts";
import type { ContainerSpec } from "../../model/container-spec.ts";
import type { LaunchPlan } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import { findProgram } from "../find-program.ts";
import type { GpuDriver } from "../runtime.ts";
import { askLimitMs, type ContainerClient, engineProblem } from "./container-client.ts";
import { unmetRequirement } from "./cuda-requirement.ts";
import { type InspectedImage, imageVariables } from "./inspected.ts";

export interface EngineInfo {
  readonly version: string;
  /** Why the address of a container is out of reach; null when it can be reached. */
  readonly unreachable: string | null;
  /** How NVIDIA's GPUs are handed out; null when they are not. */
  readonly gpusBy: "flag" | "cdi" | null;
}

const dockerInfo = z.looseObject({
  ServerVersion: z.string(),
  OperatingSystem: z.string().nullish(),
  SecurityOptions: z.array(z.string()).nullish(),
  Runtimes: z.record(z.string(), z.unknown()).nullish(),
  DiscoveredDevices: z.array(z.looseObject({ ID: z.string() })).nullish(),
});
const podmanInfo = z.looseObject({
  host: z.looseObject({
    security: z.looseObject({ rootless: z.boolean() }),
    serviceIsRemote: z.boolean().nullish(),
    /** Since podman 4; before it there was CNI only. */
    networkBackend: z.string().nullish(),
  }),
  version: z.looseObject({ Version: z.string() }),
});

/** Throws GateError when there is no engine, or none that may be used. */
export async function engineInfo(client: ContainerClient): Promise<EngineInfo> {
  const asked = await client.call(["info", "--format", "{{json .}}"], askLimitMs);
  const problem = engineProblem(client.runtime, asked);
  if (problem !== null) throw new GateError([problem]);
  if (asked.code !== 0) throw new GateError([containerEngineDown({ tool: client.runtime, output: asked.stderr })]);
  const told: unknown = JSON.parse(asked.stdout);
  return client.runtime === "docker" ? ofDocker(dockerInfo.parse(told)) : ofPodman(podmanInfo.parse(told));
}

async function ofDocker(info: z.output<typeof dockerInfo>): Promise<EngineInfo> {
  const isRootless = info.SecurityOptions?.some((option) => option.includes("rootless")) ?? false;
  const isDesktop = info.OperatingSystem === "Docker Desktop";
  const devices = info.DiscoveredDevices?.some(({ ID }) => ID.startsWith("nvidia.com/gpu")) ?? false;
  const hook = await findProgram("nvidia-container-runtime-hook", "/", process.env.PATH ?? "");
  const hasFlag = info.Runtimes?.nvidia !== undefined || hook.kind === "found";
  return {
    version: info.ServerVersion,
    unreachable: isRootless
      ? "docker runs without root"
      : isDesktop
        ? "Docker Desktop keeps containers in a machine of its own"
        : null,
    gpusBy: hasFlag ? "flag" : devices ? "cdi" : null,
  };
}

async function ofPodman({ host, version }: z.output<typeof podmanInfo>): Promise<EngineInfo> {
  const unreachable = host.security.rootless
    ? "podman runs without root"
    : host.serviceIsRemote === true
      ? "podman runs on another machine"
      : host.networkBackend !== "netavark"
        ? "podman makes its networks with CNI, which gives this machine no address in an internal one"
        : null;
  return { version: version.Version, unreachable, gpusBy: (await describesGpus()) ? "cdi" : null };
}

/** Whether the Container Device Interface describes NVIDIA's GPUs. */
async function describesGpus(): Promise<boolean> {
  const listed = await Promise.all(["/etc/cdi", "/var/run/cdi"].map((folder) => readdir(folder).catch(() => [])));
  return listed.flat().some((name) => /nvidia.*\.(?:ya?ml|json)$/.test(name));
}

/** Before anything is pulled. Throws GateError. */
export function assertStartable(
  client: Pick<ContainerClient, "runtime">,
  info: EngineInfo,
  spec: ContainerSpec,
  { transport }: Pick<LaunchPlan, "transport">,
): void {
  const missing = spec.env.filter((name) => process.env[name] === undefined);
  if (missing.length > 0) throw new GateError([containerVariableMissing({ names: missing })]);
  if (info.unreachable !== null && transport === "http" && spec.network === "none-out")
    throw new GateError([containerAddressUnreachable({ tool: client.runtime, why: info.unreachable })]);
  if (spec.gpus.kind !== "none" && info.gpusBy === null)
    throw new GateError([noGpuSupport({ tool: client.runtime, output: [] })]);
}

/** Whether the driver is new enough for what the image was built with. Throws GateError. */
export async function assertDriver(
  image: InspectedImage,
  spec: ContainerSpec,
  env: { readonly [name: string]: string },
  gpuDriver: () => Promise<GpuDriver>,
): Promise<void> {
  if (spec.gpus.kind === "none") return;
  const driver = await gpuDriver();
  const unmet = unmetRequirement(new Map([...imageVariables(image), ...Object.entries(env)]), driver);
  if (unmet !== null) throw new GateError([driverTooOld({ ...unmet, driver: driver.version, cuda: driver.cuda })]);
}
