/** A launch as the words of `docker create` or `podman create`. Pure. */
import type { ContainerSpec, GpuRequest, Volume } from "../../model/container-spec.ts";
import { imageWord } from "../../model/image-reference.ts";
import type { ContainerRuntimeName } from "../../model/suite.ts";

export interface ContainerLaunch {
  /** Of the container, and of its network where it has one. */
  readonly name: string;
  readonly labels: { readonly [label: string]: string };
  readonly spec: ContainerSpec;
  /** Program and arguments as they are inside. */
  readonly words: readonly [string, ...string[]];
  /** Beside the spec's own volumes. */
  readonly mounts: readonly Volume[];
  /** Variables with fixed values. */
  readonly env: { readonly [name: string]: string };
  readonly transport: "http" | "stdio";
  /** On which the engine listens inside. */
  readonly port: number;
  /** How the machine hands out GPUs: by docker's `--gpus`, or as devices of the Container Device Interface. */
  readonly gpusBy: "flag" | "cdi";
  /** Our own container where we run in one; it joins the network of the launch, to reach the engine. */
  readonly ownContainer: string | null;
  /** `uid:gid` of the gate, for `user: host`. */
  readonly ownUser: string;
}

/** Writable, and gone with the container; programs there may be executed, as compiled kernels are. */
const alwaysWritable = ["/tmp", "/run", "/var/tmp"];

/** Everything after `docker create` or `podman create`. */
export function createArguments(launch: ContainerLaunch, runtime: ContainerRuntimeName): readonly string[] {
  const { name, labels, spec, words, mounts, env } = launch;
  const [program, ...args] = words;
  return [
    "--name",
    name,
    ...Object.entries(labels).flatMap(([label, value]) => ["--label", `${label}=${value}`]),
    // A first process that passes signals on and collects what the engine leaves.
    "--init",
    "--pull",
    "never",
    // The log is kept by the gate; a second copy would only fill the disk.
    "--log-driver",
    "none",
    // podman would pass on the proxies of our environment, and the passwords in their addresses.
    ...(runtime === "podman" ? ["--http-proxy=false"] : []),
    ...(launch.transport === "stdio" ? ["--interactive"] : []),
    ...networkWords(launch),
    ...rightsWords(spec, runtime),
    ...limitWords(spec),
    ...gpuWords(spec.gpus, launch.gpusBy),
    ...(spec.platform === null ? [] : ["--platform", spec.platform]),
    ...(spec.user === null ? [] : ["--user", spec.user === "host" ? launch.ownUser : spec.user]),
    ...[...mounts, ...spec.volumes].flatMap((volume) => ["--mount", mountValue(volume)]),
    ...Object.entries(env).flatMap(([variable, value]) => ["--env", `${variable}=${value}`]),
    // Without a value: it is taken from our environment and never stands on a command line.
    ...spec.env.flatMap((variable) => ["--env", variable]),
    "--entrypoint",
    program,
    imageWord(spec.image),
    ...args,
  ];
}

/** Everything after `docker network create` or `podman network create`; null for a launch without a network of its own. */
export function networkArguments({ name, labels, spec, transport }: ContainerLaunch): readonly string[] | null {
  if (transport === "stdio" && spec.network === "none-out") return null;
  return [
    ...(spec.network === "none-out" ? ["--internal"] : []),
    ...Object.entries(labels).flatMap(([label, value]) => ["--label", `${label}=${value}`]),
    name,
  ];
}

function networkWords({ name, spec, transport, port }: ContainerLaunch): readonly string[] {
  if (spec.network === "none-out") return ["--network", transport === "stdio" ? "none" : name];
  return ["--network", name, ...(transport === "http" ? ["--publish", `127.0.0.1::${port}`] : [])];
}

function rightsWords(spec: ContainerSpec, runtime: ContainerRuntimeName): readonly string[] {
  const isReadOnly = spec.root === "read-only";
  return [
    "--cap-drop",
    "ALL",
    ...spec.capabilities.flatMap((name) => ["--cap-add", name]),
    ...(spec.privileges === "no-new" ? ["--security-opt", "no-new-privileges"] : []),
    // SELinux would hide mounted files and GPU devices: https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/cdi-support.html
    ...(runtime === "podman" ? ["--security-opt", "label=disable"] : []),
    ...(isReadOnly ? ["--read-only"] : []),
    ...(isReadOnly && runtime === "podman" ? ["--read-only-tmpfs=false"] : []),
    ...[...(isReadOnly ? alwaysWritable : []), ...spec.tmpfs].flatMap((folder) => [
      "--tmpfs",
      `${folder}:rw,exec,nosuid,nodev,mode=1777`,
    ]),
  ];
}

function limitWords(spec: ContainerSpec): readonly string[] {
  return [
    ...shmWords(spec),
    ...(spec.ipc === null ? [] : ["--ipc", spec.ipc]),
    // The same limit for memory and swap together: no swap.
    ...(spec.memory === null ? [] : ["--memory", spec.memory, "--memory-swap", spec.memory]),
    ...(spec.cpus === null ? [] : ["--cpus", String(spec.cpus)]),
    ...(spec.pidsLimit === null ? [] : ["--pids-limit", String(spec.pidsLimit)]),
  ];
}

/**
 * The 64 MiB that containers have by themselves are too few for engines of more than one process: vLLM's server asks for 160 MiB on one device.
 * It is a limit, no reservation; podman refuses it beside another namespace's memory.
 */
function shmWords({ shmSize, ipc }: ContainerSpec): readonly string[] {
  if (shmSize === null && (ipc === "host" || ipc === "none")) return [];
  return ["--shm-size", shmSize ?? "8g"];
}

function gpuWords(gpus: GpuRequest, by: "flag" | "cdi"): readonly string[] {
  if (gpus.kind === "none") return [];
  if (by === "cdi") return cdiDevices(gpus).flatMap((device) => ["--device", `nvidia.com/gpu=${device}`]);
  if (gpus.kind === "all") return ["--gpus", "all"];
  if (gpus.kind === "count") return ["--gpus", String(gpus.count)];
  // The value is read as a line of CSV, so a list of devices needs quotes of its own.
  return ["--gpus", `"device=${gpus.ids.join(",")}"`];
}

function cdiDevices(gpus: Exclude<GpuRequest, { kind: "none" }>): readonly string[] {
  if (gpus.kind === "all") return ["all"];
  return gpus.kind === "devices" ? gpus.ids : Array.from({ length: gpus.count }, (_, index) => String(index));
}

function mountValue({ source, target, access }: Volume): string {
  const fields = ["type=bind", `source=${source}`, `target=${target}`];
  return [...fields, ...(access === "read-only" ? ["readonly"] : [])].map(csvField).join(",");
}

const csvField = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
