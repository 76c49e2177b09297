/** Has the locked image on this machine: as it is there already, or fetched with its progress told. */
import { imageWrongPlatform } from "../../messages/runtimes-image.ts";
import type { ContainerSpec } from "../../model/container-spec.ts";
import { imageWord } from "../../model/image-reference.ts";
import { GateError } from "../../model/problem.ts";
import type { ProgressEvent } from "../../model/progress.ts";
import { followCommand } from "../../platform/followed-command.ts";
import { askLimitMs, type ContainerClient, engineProblem } from "./container-client.ts";
import type { InspectedImage } from "./inspected.ts";
import { pullProblem } from "./pull-failure.ts";

export interface PullOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
}

/** Throws GateError when it cannot be had, and the signal's reason when aborted. */
export async function lockedImage(
  client: ContainerClient,
  spec: Pick<ContainerSpec, "image" | "platform" | "pullTimeoutMs">,
  { signal, onProgress }: PullOptions,
): Promise<InspectedImage> {
  const word = imageWord(spec.image);
  const platform = spec.platform ?? `linux/${hostArchitecture()}`;
  const here = await client.image(word);
  if (here !== null) return ofPlatform(here, platform, client, word);
  onProgress({ kind: "waiting", what: `the image ${word}` });
  const layers = layerCounter();
  const limitMs = spec.pullTimeoutMs;
  const asked = spec.platform === null ? [] : ["--platform", spec.platform];
  const pulled = await followCommand([client.program, "pull", ...asked, word], {
    timeoutMs: limitMs,
    signal,
    onLine: (line) => {
      const told = layers(line);
      if (told !== null) onProgress({ kind: "waiting", what: `the image ${word} (${told})` });
    },
  });
  const failed = { tool: client.runtime, image: word, output: pulled.lastLines, platform };
  if (pulled.code !== 0) {
    const why =
      pulled.failure === "timeout" ? `it was not there after ${limitMs / 1000} s` : `exit code ${pulled.code}`;
    const stdout = pulled.lastLines.join("\n");
    const down = engineProblem(client.runtime, { stdout, stderr: "" });
    throw new GateError([down ?? pullProblem({ ...failed, why, folder: await storageFolder(client) })]);
  }
  const image = await client.image(word);
  if (image === null)
    throw new GateError([pullProblem({ ...failed, why: "it is not there after it was fetched", folder: null })]);
  return ofPlatform(image, platform, client, word);
}

function ofPlatform(image: InspectedImage, wanted: string, { runtime }: ContainerClient, word: string): InspectedImage {
  const found = `${image.Os}/${image.Architecture}`;
  if (wanted === found || wanted.startsWith(`${found}/`)) return image;
  const output = [`the image is for ${found}`];
  throw new GateError([imageWrongPlatform({ tool: runtime, image: word, output, wanted })]);
}

function hostArchitecture(): string {
  const names: { readonly [node: string]: string } = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };
  return names[process.arch] ?? process.arch;
}

async function storageFolder(client: ContainerClient): Promise<string | null> {
  const format = client.runtime === "docker" ? "{{.DockerRootDir}}" : "{{.Store.GraphRoot}}";
  const asked = await client.call(["info", "--format", format], askLimitMs).catch(() => null);
  return asked?.code === 0 ? asked.stdout.trim() : null;
}

/** Takes a line of a pull; tells such as `3 of 12 layers` when that has changed, else null. */
export function layerCounter(): (line: string) => string | null {
  const seen = new Set<string>();
  const done = new Set<string>();
  let last = "";
  return (line) => {
    // docker: `3f4ca61aafcd: Pull complete`; podman: `Copying blob sha256:3f4ca6…` when it begins.
    const docker = /^([0-9a-f]{12}): (.+)$/.exec(line);
    const podman = /^Copying blob (?:sha256:)?([0-9a-f]{12})/.exec(line);
    const layer = docker?.[1] ?? podman?.[1];
    if (layer === undefined) return null;
    seen.add(layer);
    if (/^(?:Pull complete|Already exists)/.test(docker?.[2] ?? "")) done.add(layer);
    const told = docker === null ? `layer ${seen.size}` : `${done.size} of ${seen.size} layers`;
    const isNews = told !== last && (docker === null || done.size > 0);
    if (isNews) last = told;
    return isNews ? told : null;
  };
}
