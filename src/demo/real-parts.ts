/** Brings a real llama.cpp server and a small real model into the cache folder, without a compiler, a GPU or an account. */
import { rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import {
  demoInstallFailed,
  demoNoInstaller,
  demoNoPython,
  demoPartDamaged,
  demoServerDoesNotLoad,
  demoUnsupportedPlatform,
} from "../messages/demo.ts";
import { GateError } from "../model/problem.ts";
import { driverPath } from "./drivers-folder.ts";
import { findPython, type Python } from "./find-python.ts";
import { findInstaller, type Installer, pipEnvironment } from "./installers.ts";
import { makeTemporaryFolder, partFault, partFolder, putInPlace } from "./part-store.ts";
import { modelPart, type PinnedPart, requirementLine, serverPart, supportedPlatforms } from "./pinned-parts.ts";
import { runTool, type ToolOptions } from "./run-tool.ts";
import { installSystemPackages } from "./system-packages.ts";

export interface RealPartsOptions {
  /** Folder that keeps what was fetched; see `cacheFolder`. */
  readonly cache: string;
  /** Such as `linux-x64`. */
  readonly platform: string;
  /** Environment for the tools; `PATH` says where they are looked up. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** One line for each step that takes more than a moment. */
  readonly onProgress: (text: string) => void;
}

export interface RealParts {
  /** Starts the server; takes the options of `llama-server`. */
  readonly serverCommand: readonly [string, string];
  /** Variables that the command needs. */
  readonly env: { readonly [name: string]: string };
  /** Absolute path of the GGUF file. */
  readonly modelPath: string;
  /** Such as `xllamacpp 2026.10.11549`. */
  readonly version: string;
}

/** The two parts of a demo. */
export interface PinnedPair {
  readonly server: PinnedPart;
  readonly model: PinnedPart;
}

/** Fetches what is missing, checks what is there; without a network when the cache is filled. Throws GateError with what to install. */
export async function realParts(
  options: RealPartsOptions,
  pinned: PinnedPair = { server: serverPart, model: modelPart },
): Promise<RealParts> {
  const { cache, platform } = options;
  if (!supportedPlatforms.includes(platform)) {
    throw new GateError([demoUnsupportedPlatform({ platform, supported: supportedPlatforms })]);
  }
  const driver = driverPath("llama_server.py");
  const python = await pythonOrInstall(options);
  const server = partFolder(cache, pinned.server, platform);
  const model = partFolder(cache, pinned.model, platform);
  await ensureParts(
    [
      [pinned.server, server],
      [pinned.model, model],
    ],
    python,
    options,
  );
  await ensureLoads(python, server, options);
  return {
    serverCommand: [python.command, driver],
    env: { PYTHONPATH: server, PYTHONDONTWRITEBYTECODE: "1" },
    modelPath: join(model, pinned.model.file),
    version: `${pinned.server.name} ${pinned.server.version}`,
  };
}

async function pythonOrInstall(options: RealPartsOptions): Promise<Python> {
  const first = await findPython(options);
  if ("command" in first) return first;
  const done = await installSystemPackages(["python3", "python3-pip", "libgomp1"], options.onProgress, options);
  const second = done.kind === "installed" ? await findPython(options) : first;
  if ("command" in second) return second;
  throw new GateError([demoNoPython({ tooOld: second.tooOld, log: done.kind === "failed" ? done.lastLines : [] })]);
}

async function ensureParts(
  wanted: readonly (readonly [PinnedPart, string])[],
  python: Python,
  options: RealPartsOptions,
): Promise<void> {
  const faulty: (readonly [PinnedPart, string])[] = [];
  for (const [part, folder] of wanted) {
    if ((await partFault(folder, part)) !== null) faulty.push([part, folder]);
  }
  if (faulty.length === 0) return;
  const scratch = await makeTemporaryFolder(options.cache);
  try {
    const installer = await installerOrInstall(python, scratch, options);
    for (const [part, folder] of faulty) await fetchPart(part, folder, installer, scratch, options);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function installerOrInstall(python: Python, scratch: string, options: RealPartsOptions): Promise<Installer> {
  const first = await findInstaller(python, scratch, options);
  if (first !== null) return first;
  const done = await installSystemPackages(["python3-pip"], options.onProgress, options);
  const second = done.kind === "installed" ? await findInstaller(python, scratch, options) : null;
  if (second !== null) return second;
  throw new GateError([demoNoInstaller({ python: python.command, log: done.kind === "failed" ? done.lastLines : [] })]);
}

async function fetchPart(
  part: PinnedPart,
  folder: string,
  installer: Installer,
  scratch: string,
  options: RealPartsOptions,
): Promise<void> {
  options.onProgress(`Fetching ${part.label} with ${installer.name}`);
  const target = join(scratch, part.name);
  const requirements = join(scratch, `${part.name}.txt`);
  await writeFile(requirements, `${requirementLine(part)}\n`);
  const tool: ToolOptions = { ...options, env: { ...options.env, ...pipEnvironment } };
  const result = await runTool(installer.argv({ target, requirements }), tool);
  if (!result.succeeded) {
    const what = `${part.name} ${part.version}`;
    throw new GateError([
      demoInstallFailed({ what, installer: installer.name, folder: options.cache, log: result.lastLines }),
    ]);
  }
  const fault = await partFault(target, part);
  if (fault !== null) {
    const expected = part.fileDigest === null ? `a file ${part.file}` : `sha256:${part.fileDigest}`;
    throw new GateError([demoPartDamaged({ file: part.file, found: fault, expected, folder: dirname(folder) })]);
  }
  await putInPlace(target, folder, part);
}

async function ensureLoads(python: Python, server: string, options: RealPartsOptions): Promise<void> {
  const searchPath = [server, options.env.PYTHONPATH]
    .filter((part) => part !== undefined && part !== "")
    .join(delimiter);
  const tool: ToolOptions = { ...options, env: { ...options.env, PYTHONPATH: searchPath } };
  const loads = () => runTool([python.command, "-c", "import xllamacpp"], tool);
  let result = await loads();
  if (!result.succeeded && result.lastLines.some((line) => line.includes("libgomp"))) {
    const done = await installSystemPackages(["libgomp1"], options.onProgress, options);
    if (done.kind === "installed") result = await loads();
  }
  if (!result.succeeded) {
    throw new GateError([demoServerDoesNotLoad({ python: python.command, log: result.lastLines })]);
  }
}
