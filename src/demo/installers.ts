/** The ways in which a pinned Python package can be unpacked into a folder, tried in this order: pip, uv, another pip, a pip of our own. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Python } from "./find-python.ts";
import { runTool, type ToolOptions } from "./run-tool.ts";

export interface InstallRequest {
  /** Folder that the package is unpacked into. */
  readonly target: string;
  /** Requirements file with hashes. */
  readonly requirements: string;
}

export interface Installer {
  /** For the progress line. */
  readonly name: string;
  argv(request: InstallRequest): [string, ...string[]];
}

/** Settings of a user's pip that would contradict a folder of our own. */
export const pipEnvironment = { PIP_USER: "0", PIP_REQUIRE_VIRTUALENV: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" };

/** Only wheels, only the given digests, nothing else that the package would like to have. */
const strict = ["--no-deps", "--require-hashes"];

function pip(name: string, command: readonly [string, ...string[]]): Installer {
  const options = [...strict, "--only-binary=:all:", "--no-compile", "--no-input", "--progress-bar=off"];
  return {
    name,
    argv: ({ target, requirements }) => [...command, "install", ...options, "--target", target, "-r", requirements],
  };
}

function uv(python: Python): Installer {
  const options = [...strict, "--only-binary=:all:", "--no-progress", "--python", python.command];
  return {
    name: "uv",
    argv: ({ target, requirements }) => ["uv", "pip", "install", ...options, "--target", target, "-r", requirements],
  };
}

/** The first way that works here, or null. A virtual environment is made in `scratch` when there is no other pip. */
export async function findInstaller(python: Python, scratch: string, options: ToolOptions): Promise<Installer | null> {
  const works = async (argv: readonly [string, ...string[]]) => (await runTool(argv, options)).succeeded;
  if (await works([python.command, "-m", "pip", "--version"])) return pip("pip", [python.command, "-m", "pip"]);
  if (await works(["uv", "--version"])) return uv(python);
  if (await works(["pip3", "--version"])) return pip("pip3", ["pip3"]);
  const folder = join(scratch, "venv");
  const venvPython = join(folder, "bin", "python");
  const made = await works([python.command, "-m", "venv", folder]);
  if (made && (await works([venvPython, "-m", "pip", "--version"]))) {
    return pip("pip in a virtual environment", [venvPython, "-m", "pip"]);
  }
  await rm(folder, { recursive: true, force: true });
  return null;
}
