/** Docker, podman and an image with a real engine, made from packages of this machine: brought, started and stopped as needed. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../src/demo/cache-folder.ts";
import { driverPath } from "../../src/demo/drivers-folder.ts";
import { type Digest, parseDigest } from "../../src/model/digest.ts";
import { freePort } from "../../src/platform/ports.ts";
import { realPartsForTests } from "./real-parts.ts";

export interface ContainerHost {
  /** Such as `127.0.0.1:23456/gate/llama`; a registry of the test has it. */
  readonly imageName: string;
  /** Python 3, llama.cpp's server and its program; pushed, and known to docker. */
  readonly imageDigest: Digest;
  /** Another build of the same image. */
  readonly otherDigest: Digest;
  /** Address of the registry, without a scheme. */
  readonly registry: string;
  /** What docker and podman need to know on this machine, and a runner's name to know the containers of the test by; for the environment of the gate. */
  readonly env: {
    readonly CONTAINERS_CONF: string;
    readonly CONTAINERS_REGISTRIES_CONF: string;
    readonly RUNNER_NAME: string;
  };
  /** Runs a command of this machine, such as `docker`; throws with its output when it fails. */
  run(...argv: readonly [string, ...string[]]): string;
  /** The words of a command that only root may run. */
  asRoot(...argv: readonly string[]): readonly [string, ...string[]];
  /** Ends what was started for the test, and nothing else. */
  stop(): Promise<void>;
}

/** The command that starts the server inside the image. */
export const serverInside = ["python3", "/opt/inference-gate/llama_server.py"] as const;

const packages: readonly (readonly [program: string, name: string])[] = [
  ["dockerd", "docker.io"],
  ["docker", "docker.io"],
  ["iptables", "iptables"],
  ["podman", "podman"],
  ["runc", "runc"],
  ["docker-registry", "docker-registry"],
  ["debootstrap", "debootstrap"],
  ["/usr/libexec/podman/catatonit", "catatonit"],
  ["/usr/lib/podman/netavark", "netavark"],
  ["/usr/lib/podman/aardvark-dns", "aardvark-dns"],
];
const release = "bookworm";
/** Raised when the tree is made in another way. */
const treeVersion = 1;

let host: Promise<ContainerHost> | null = null;

/** The same host for every caller of one test file. About a minute on a new machine, a few seconds later. */
export function containerHost(): Promise<ContainerHost> {
  host ??= start();
  return host;
}

async function start(): Promise<ContainerHost> {
  const folder = join(cacheFolder(process.env), "containers");
  mkdirSync(folder, { recursive: true });
  installMissing();
  const started: (() => Promise<void>)[] = [];
  try {
    const engine = await dockerEngine();
    if (engine !== null) started.push(engine);
    const scratch = mkdtempSync(join(tmpdir(), "gate-containers-"));
    started.push(async () => rmSync(scratch, { recursive: true, force: true }));
    const { address, stop } = await registry(folder, scratch);
    started.push(stop);
    const imageName = `${address}/gate/llama`;
    const base = await baseImage(folder);
    const env = podmanSettings(scratch, address);
    const builds = ["first", "second"].map((build) => {
      const digest = push(base, imageName, build);
      started.push(async () => forgetImage(imageName, build, digest, env));
      return digest;
    });
    const [imageDigest, otherDigest] = builds;
    if (imageDigest === undefined || otherDigest === undefined) throw new Error("no images");
    return {
      imageName,
      imageDigest,
      otherDigest,
      registry: address,
      env,
      run,
      asRoot,
      stop: () => stopAll(started),
    };
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}

async function stopAll(started: (() => Promise<void>)[]): Promise<void> {
  for (const stop of started.splice(0).reverse()) await stop();
}

const isRoot = process.getuid?.() === 0;
const asRoot = (...argv: readonly string[]): readonly [string, ...string[]] => {
  const [program = "", ...words] = argv;
  return isRoot ? [program, ...words] : ["sudo", "-n", program, ...words];
};

function run(...[program, ...words]: readonly [string, ...string[]]): string {
  const done = spawnSync(program, words, {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    maxBuffer: 1 << 26,
    timeout: 600_000,
  });
  if (done.status === 0) return done.stdout.trim();
  throw new Error(`${[program, ...words].join(" ")}\n${done.error?.message ?? ""}${done.stdout}${done.stderr}`);
}

const succeeds = (...[program, ...words]: readonly [string, ...string[]]) =>
  spawnSync(program, words, { stdio: "ignore", timeout: 30_000 }).status === 0;

/** Programs of root are not on every user's PATH. */
const isThere = (program: string) =>
  program.startsWith("/")
    ? existsSync(program)
    : succeeds("sh", "-c", `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`);

function installMissing(): void {
  const missing = [...new Set(packages.filter(([program]) => !isThere(program)).map(([, name]) => name))];
  if (missing.length === 0) return;
  run(...asRoot("apt-get", "update", "-q"));
  run(...asRoot("apt-get", "install", "-q", "-y", "--no-install-recommends", ...missing));
}

/** What ends the engine that was started; null when one runs already. */
async function dockerEngine(): Promise<(() => Promise<void>) | null> {
  return succeeds("docker", "info") ? null : startDockerd([], []);
}

/** An engine of the test's own below a folder, which it may end; it touches no rule of the machine's firewall. Resolves with what ends it. */
export function ownDockerd(folder: string): Promise<() => Promise<void>> {
  const socket = `unix://${folder}/docker.sock`;
  return startDockerd(
    [
      ...["--host", socket, "--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")],
      ...[
        "--pidfile",
        join(folder, "pid"),
        "--bridge=none",
        "--iptables=false",
        "--ip-forward=false",
        "--ip-masq=false",
      ],
    ],
    ["--host", socket],
  );
}

async function startDockerd(settings: readonly string[], reach: readonly string[]): Promise<() => Promise<void>> {
  const [program, ...words] = asRoot("dockerd", "--storage-driver=overlay2", ...settings);
  const child = spawn(program, words, {
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    stdio: ["ignore", "ignore", "pipe"],
  });
  await answering(child, "the Docker engine", () => succeeds("docker", ...reach, "info"));
  return () => ended(child);
}

async function registry(folder: string, scratch: string) {
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(scratch, "registry.yml");
  const storage = join(folder, "registry");
  writeFileSync(
    config,
    `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${JSON.stringify(storage)} } }\nhttp: { addr: "${address}" }\n`,
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: ["ignore", "ignore", "pipe"] });
  await answering(child, "the registry", () => accepts(address));
  return { address, stop: () => ended(child) };
}

/** Waits until the probe holds, for half a minute; rejects with the log of a program that ends before. */
async function answering(child: ChildProcess, what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const log: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => log.splice(0, Math.max(0, log.length - 50), chunk.toString()));
  child.on("error", (error) => log.push(error.message));
  for (let look = 0; look < 150; look += 1) {
    if (child.exitCode !== null) break;
    if (await probe()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await ended(child);
  throw new Error(`${what} did not start: ${log.join("")}`);
}

function accepts(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const [host = "", port = ""] = address.split(":");
    const socket = createConnection(Number(port), host);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve();
      return;
    }
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/** Id of an image with Python and the server, by its name in the engine's own store. */
async function baseImage(folder: string): Promise<string> {
  const parts = await realPartsForTests();
  const site = parts.env.PYTHONPATH ?? "";
  const tag = `inference-gate-test:${treeVersion}-${parts.version.replace(/[^A-Za-z0-9.]+/g, "-")}`;
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

/** A tar file with a minimal Debian. */
function debianTree(folder: string): string {
  const file = join(folder, `debian-${release}-${treeVersion}.tar`);
  if (existsSync(file)) return file;
  const root = mkdtempSync(join(folder, "tree-"));
  try {
    const include = "--include=python3,libgomp1,libstdc++6,ca-certificates";
    run(...asRoot("debootstrap", "--variant=minbase", include, release, root));
    run(...asRoot("rm", "-rf", join(root, "var/cache/apt/archives"), join(root, "var/lib/apt/lists")));
    run(...asRoot("tar", "--create", "--one-file-system", "--file", `${file}.part`, "--directory", root, "."));
    renameSync(`${file}.part`, file);
  } finally {
    run(...asRoot("rm", "-rf", root));
  }
  return file;
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

/** podman asks a registry without TLS only where it is told to, and in a small virtual machine it may not use systemd or raise limits. */
function podmanSettings(folder: string, address: string): ContainerHost["env"] {
  const settings = join(folder, "containers.conf");
  const registries = join(folder, "registries.conf");
  writeFileSync(
    settings,
    '[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\n[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\n[network]\nnetwork_backend = "netavark"\n',
  );
  writeFileSync(
    registries,
    `unqualified-search-registries = []\n[[registry]]\nlocation = "${address}"\ninsecure = true\n`,
  );
  return { CONTAINERS_CONF: settings, CONTAINERS_REGISTRIES_CONF: registries, RUNNER_NAME: `test-${randomUUID()}` };
}
