/** Two images with llama.cpp's server, made from packages of this machine, and the machine that runs them. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driverPath } from "../../src/demo/drivers-folder.ts";
import { type Digest, parseDigest } from "../../src/model/digest.ts";
import { asRoot, type ContainerMachine, containerMachine, debianTree, run, succeeds } from "./container-machine.ts";
import { realPartsForTests } from "./real-parts.ts";

export interface ContainerHost extends Omit<ContainerMachine, "folder" | "atStop"> {
  /** Such as `127.0.0.1:23456/gate/llama`; a registry of the test has it. */
  readonly imageName: string;
  /** Python 3, llama.cpp's server and its program; pushed, and known to docker. */
  readonly imageDigest: Digest;
  /** Another build of the same image. */
  readonly otherDigest: Digest;
  /** Runs a command of this machine, such as `docker`; throws with its output when it fails. */
  run(...argv: readonly [string, ...string[]]): string;
  /** The words of a command that only root may run. */
  asRoot(...argv: readonly string[]): readonly [string, ...string[]];
}

/** The command that starts the server inside the image. */
export const serverInside = ["python3", "/opt/inference-gate/llama_server.py"] as const;

/** Raised when the image is made in another way. */
const imageVersion = 1;

let host: Promise<ContainerHost> | null = null;

/** The same host for every caller of one test file. About a minute on a new machine, a few seconds later. */
export function containerHost(): Promise<ContainerHost> {
  host ??= start();
  return host;
}

async function start(): Promise<ContainerHost> {
  const machine = await containerMachine();
  try {
    const { folder, atStop, ...known } = machine;
    const imageName = `${machine.registry}/gate/llama`;
    const base = await baseImage(folder);
    const pushed = (build: string) => {
      const digest = push(base, imageName, build);
      atStop(async () => forgetImage(imageName, build, digest, machine.env));
      return digest;
    };
    return { ...known, imageName, imageDigest: pushed("first"), otherDigest: pushed("second"), run, asRoot };
  } catch (error) {
    await machine.stop();
    throw error;
  }
}

/** Id of an image with Python and the server, by its name in the engine's own store. */
export async function baseImage(folder: string): Promise<string> {
  const parts = await realPartsForTests();
  const site = parts.env.PYTHONPATH ?? "";
  const tag = `inference-gate-test:${imageVersion}-${parts.version.replace(/[^A-Za-z0-9.]+/g, "-")}`;
  if (succeeds("docker", "image", "inspect", tag)) return tag;
  const tree = debianTree(folder);
  const imported = run("docker", "import", tree);
  const container = run("docker", "create", "--network", "none", imported, "true");
  try {
    const staging = mkdtempSync(join(tmpdir(), "gate-image-"));
    cpSync(site, join(staging, "site"), { recursive: true });
    cpSync(driverPath("llama_server.py"), join(staging, "llama_server.py"));
    run("docker", "cp", staging, `${container}:/opt/inference-gate`);
    rmSync(staging, { recursive: true });
    const change = "ENV PYTHONPATH=/opt/inference-gate/site PYTHONDONTWRITEBYTECODE=1";
    run("docker", "commit", "--change", change, container, tag);
  } finally {
    run("docker", "rm", container);
  }
  return tag;
}

/** The digest under which the registry now has the image, in a build that the label tells from others. It has a volume without a name, as many images do. */
function push(base: string, name: string, build: string): Digest {
  const container = run("docker", "create", "--network", "none", base, "true");
  run(
    "docker",
    "commit",
    "--change",
    `LABEL build=${build}`,
    "--change",
    "VOLUME /scratch",
    container,
    `${name}:${build}`,
  );
  run("docker", "rm", container);
  const pushed = run("docker", "push", `${name}:${build}`);
  const digest = parseDigest(/digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1] ?? "");
  if (digest === null) throw new Error(pushed);
  return digest;
}

/** The names of this run, in both stores; what the image is made of stays for the next one. */
function forgetImage(name: string, build: string, digest: Digest, env: ContainerHost["env"]): void {
  const quiet = { stdio: "ignore", timeout: 30_000, env: { ...process.env, ...env } } as const;
  spawnSync("docker", ["image", "rm", `${name}:${build}`, `${name}@${digest}`], quiet);
  spawnSync("podman", ["image", "rm", `${name}@${digest}`], quiet);
}
