/** Answers of machines that are not here: recorded outputs of commands and files, for the environment's tests. */
import { readFileSync } from "node:fs";
import type { CommandResult, CommandRunner } from "../../src/platform/command-runner.ts";
import { type Files, nodeFiles } from "../../src/platform/files.ts";

export function fixture(path: string): string {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url), "utf8");
}

export function ended(stdout: string, code = 0): CommandResult {
  return { stdout, stderr: "", code, failure: null };
}

/** A runner that knows these command lines; any other program is missing. */
export function recordedRunner(answers: { readonly [commandLine: string]: CommandResult }): CommandRunner {
  return {
    run: async (argv) => answers[argv.join(" ")] ?? { stdout: "", stderr: "", code: null, failure: "missing" },
  };
}

/** nvidia-smi of one recorded machine. */
export function recordedSmi(xml: string, more: { capabilities?: CommandResult; list?: string } = {}): CommandRunner {
  return recordedRunner({
    "nvidia-smi -q -x": ended(fixture(`nvidia-smi/${xml}`)),
    "nvidia-smi --query-gpu=index,compute_cap --format=csv,noheader":
      more.capabilities ?? ended(fixture("nvidia-smi/driver-470-no-compute-cap.txt"), 2),
    "nvidia-smi -L": ended(more.list ?? ""),
  });
}

/** A file system in which only these files exist. */
export function recordedFiles(texts: { readonly [path: string]: string }): Files {
  return { ...nodeFiles, readText: async (path) => texts[path] ?? null };
}
