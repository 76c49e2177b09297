/** What a suite says of its container: the image must be locked, and the paths are made absolute. */
import { resolve } from "node:path";
import type { z } from "zod";
import { containerNeedsImage, imageInvalid, imageNotLocked, shmWithoutEffect } from "../messages/suite-container.ts";
import { onlyForRuntime, pathNotFound } from "../messages/suite-fields.ts";
import type { ContainerSpec, GpuRequest } from "../model/container-spec.ts";
import { type ImageReference, readImage } from "../model/image-reference.ts";
import type { Problem } from "../model/problem.ts";
import { isContainerRuntime, type RuntimeName } from "../model/suite.ts";
import type { Files } from "../platform/files.ts";
import { containerSchema, imageSchema } from "./container-schema.ts";
import { parsePart } from "./schema-problems.ts";
import { locationOf, locationOfKey, nodeAt, type Source } from "./source-tree.ts";

type Settings = z.output<typeof containerSchema>;

interface Place {
  readonly folder: string;
  readonly files: Files;
}

/** Null for a runtime without a container, and where the suite was refused; problems are appended. */
export async function readContainer(
  source: Source,
  runtime: RuntimeName | null,
  { folder, files }: Place,
  problems: Problem[],
): Promise<ContainerSpec | null> {
  const settings = parsePart(containerSchema.prefault({}), { source, path: ["container"], help: [] }, problems);
  const image = parsePart(imageSchema.optional(), { source, path: ["image"], help: [] }, problems);
  if (runtime === null) return null;
  if (!isContainerRuntime(runtime)) {
    problems.push(...misplaced(source, runtime));
    return null;
  }
  if (image === undefined)
    problems.push(containerNeedsImage({ location: locationOfKey(source, ["runtime"]), runtime }));
  const locked = image === null || image === undefined ? null : lockedImage(source, image, runtime, problems);
  if (settings === null) return null;
  problems.push(...(await settingProblems(source, settings, { folder, files })));
  return locked === null ? null : { image: locked, ...specOf(settings, folder) };
}

function lockedImage(source: Source, written: string, runtime: string, problems: Problem[]): ImageReference | null {
  const read = readImage(written);
  const location = locationOf(source, ["image"]);
  if (read.kind === "locked") return read.image;
  problems.push(
    read.kind === "unlocked"
      ? imageNotLocked({ location, tagged: read.tagged, runtime })
      : imageInvalid({ location, written, reason: read.reason }),
  );
  return null;
}

async function settingProblems(source: Source, settings: Settings, { folder, files }: Place): Promise<Problem[]> {
  const { ipc, shm_size, volumes } = settings;
  const problems: Problem[] = [];
  if (shm_size !== undefined && (ipc === "host" || ipc === "none"))
    problems.push(shmWithoutEffect({ location: locationOfKey(source, ["container", "shm_size"]), ipc }));
  for (const [index, volume] of volumes.entries()) {
    if (await files.exists(resolve(folder, volume.source))) continue;
    const path = `container.volumes[${index}].source`;
    const location = locationOf(source, ["container", "volumes", index, "source"]);
    problems.push(
      pathNotFound({ location, path, written: volume.source, wanted: "a file or folder", found: "nothing" }),
    );
  }
  return problems;
}

function misplaced(source: Source, runtime: RuntimeName): Problem[] {
  return ["image", "container"]
    .filter((name) => nodeAt(source, [name]) !== null)
    .map((name) =>
      onlyForRuntime({
        location: locationOfKey(source, [name]),
        path: name,
        runtime: "docker",
        found: `runtime: ${runtime}`,
        why: "the engine does not run in a container",
      }),
    );
}

function specOf(settings: Settings, folder: string): Omit<ContainerSpec, "image"> {
  return {
    gpus: gpuRequest(settings.gpus),
    shmSize: settings.shm_size ?? null,
    ipc: settings.ipc ?? null,
    volumes: settings.volumes.map(({ source, target, read_only }) => ({
      source: resolve(folder, source),
      target,
      access: read_only ? "read-only" : "read-write",
    })),
    env: settings.env,
    network: settings.network,
    capabilities: settings.cap_add,
    privileges: settings.no_new_privileges ? "no-new" : "as-image",
    root: settings.read_only ? "read-only" : "writable",
    tmpfs: settings.tmpfs,
    memory: settings.memory ?? null,
    cpus: settings.cpus ?? null,
    pidsLimit: settings.pids_limit,
    user: settings.user ?? null,
    platform: settings.platform ?? null,
    pullTimeoutMs: Math.max(1, Math.round(settings.pull_timeout_s * 1000)),
  };
}

function gpuRequest(gpus: Settings["gpus"]): GpuRequest {
  if (gpus === "all" || gpus === "none") return { kind: gpus };
  return typeof gpus === "number" ? { kind: "count", count: gpus } : { kind: "devices", ids: gpus };
}
