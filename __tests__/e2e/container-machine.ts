/** Docker, podman and a registry of the tests' own on this machine: installed, started and stopped as needed. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../src/demo/cache-folder.ts";
import { freePort } from "../../src/platform/ports.ts";

export interface ContainerMachine {
  /** What is kept from one run to the next. */
  readonly folder: string;
  /** Address of the registry, without a scheme. */
  readonly registry: string;
  /** What docker and podman need to know on this machine, and a runner's name to know the containers of the test by; for the environment of the gate. */
  readonly env: {
    readonly CONTAINERS_CONF: string;
    readonly CONTAINERS_REGISTRIES_CONF: string;
    readonly RUNNER_NAME: string;
  };
  /** Done before what was started is stopped, the last one first. */
  atStop(work: () => Promise<void>): void;
  /** Ends what was started for the test, and nothing else. */
  stop(): Promise<void>;
}

const packages: readonly (readonly [program: string, name: string])[] = [
  ["dockerd", "docker.io"],
  ["docker", "docker.io"],
  ["iptables", "iptables"],
  ["ip", "iproute2"],
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

export async function containerMachine(): Promise<ContainerMachine> {
  const folder = join(cacheFolder(process.env), "containers");
  mkdirSync(folder, { recursive: true });
  installMissing();
  const started: (() => Promise<void>)[] = [];
  try {
    const engine = await dockerEngine();
    if (engine !== null) started.push(engine);
    const scratch = mkdtempSync(join(tmpdir(), "gate-containers-"));
    started.push(async () => rmSync(scratch, { recursive: true, force: true }));
    const { address, stop } = await imageRegistry(join(folder, "registry"), scratch);
    started.push(stop);
    return {
      folder,
      registry: address,
      env: podmanSettings(scratch, address),
      atStop: (work) => started.push(work),
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
/** The words of a command that only root may run. */
export const asRoot = (...argv: readonly string[]): readonly [string, ...string[]] => {
  const [program = "", ...words] = argv;
  return isRoot ? [program, ...words] : ["sudo", "-n", program, ...words];
};

/** Runs a command of this machine, such as `docker`; throws with its output when it fails. */
export function run(...[program, ...words]: readonly [string, ...string[]]): string {
  const done = spawnSync(program, words, {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    maxBuffer: 1 << 26,
    timeout: 600_000,
  });
  if (done.status === 0) return done.stdout.trim();
  throw new Error(`${[program, ...words].join(" ")}\n${done.error?.message ?? ""}${done.stdout}${done.stderr}`);
}

export const succeeds = (...[program, ...words]: readonly [string, ...string[]]) =>
  spawnSync(program, words, { stdio: "ignore", timeout: 30_000 }).status === 0;

/** Programs of root are not on every user's PATH. */
const isThere = (program: string) =>
  program.startsWith("/")
    ? existsSync(program)
    : succeeds("sh", "-c", `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`);

/** The packages that containers need, where they are missing. */
export function installMissing(): void {
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

/** A registry that keeps its images in the folder `storage`; its settings lie in `scratch`. */
export async function imageRegistry(
  storage: string,
  scratch: string,
): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> {
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(scratch, "registry.yml");
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

/** A tar file with a minimal Debian and what else is named, in a folder that keeps it. */
export function debianTree(folder: string, more: readonly string[] = []): string {
  const file = join(folder, [`debian-${release}-${treeVersion}`, ...more].join("-").concat(".tar"));
  if (existsSync(file)) return file;
  const root = mkdtempSync(join(folder, "tree-"));
  try {
    const include = `--include=${["python3", "libgomp1", "libstdc++6", "ca-certificates", ...more].join(",")}`;
    run(...asRoot("debootstrap", "--variant=minbase", include, release, root));
    run(...asRoot("rm", "-rf", join(root, "var/cache/apt/archives"), join(root, "var/lib/apt/lists")));
    run(...asRoot("tar", "--create", "--one-file-system", "--file", `${file}.part`, "--directory", root, "."));
    renameSync(`${file}.part`, file);
  } finally {
    run(...asRoot("rm", "-rf", root));
  }
  return file;
}

/** podman asks a registry without TLS only where it is told to, and in a small virtual machine it may not use systemd or raise limits. */
function podmanSettings(folder: string, address: string): ContainerMachine["env"] {
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
