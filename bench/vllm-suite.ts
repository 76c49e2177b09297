/** The suite that the gate and the bare script both run with vLLM, and the gate's driver with stamps around it. */
import { readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { check } from "../src/commands/check.ts";
import { nodeWorkbench } from "../src/commands/node-workbench.ts";
import { record } from "../src/commands/record.ts";
import type { Workbench } from "../src/commands/workbench.ts";
import type { Engine } from "../src/engines/engine.ts";
import { vllm } from "../src/engines/vllm/vllm.ts";
import type { ProgressEvent } from "../src/model/progress.ts";
import type { Report } from "../src/report/report.ts";

export interface SameWords {
  /** The interpreter that has vLLM. */
  readonly python: string;
  /** Folder of the model. */
  readonly model: string;
  readonly args: object;
  readonly env: { readonly [name: string]: string };
  readonly sampling: object;
  readonly prompts: readonly string[];
}

/** Milliseconds of wall time, and of processor time of the engine's process with all its threads, user and system. */
export const took = z.object({ ms: z.number(), cpuMs: z.number() });
/** `coreCpuMs`: the part of it in which vLLM's core computed. */
const answered = z.object({ ...took.shape, coreCpuMs: z.number() });
const stampSchema = z.union([
  z.object({ step: z.string(), ...took.shape }),
  z.object({
    request: z.number(),
    tokens: z.number(),
    gate: answered,
    /** The same prompt with the same `LLM`, without a gate; null where that was not asked for. */
    bare: z.object({ ...answered.shape, ids: z.array(z.number()) }).nullable(),
    /** Of the process, from its first instruction to the end of this answer. */
    lived: took,
  }),
]);
export type Took = z.output<typeof took>;
export type Stamp = z.output<typeof stampSchema>;

export interface Run {
  readonly report: Report;
  /** Of all its launches, in order. */
  readonly stamps: readonly Stamp[];
  /** Milliseconds of the gate's own process for each case: wall time, and processor time. */
  readonly own: readonly Took[];
}

export interface StampedGate {
  /** With the bare loop beside each answer, inside the same process. Throws for any other verdict than `match`. */
  record(): Promise<Run>;
  /** As a user runs it. Throws for any other verdict than `match`. */
  check(): Promise<Run>;
  /** Where the answers of both are. */
  readonly transcriptPath: string;
}

/** Writes below the folder only. */
export async function stampedGate(folder: string, words: SameWords): Promise<StampedGate> {
  const suitePath = join(folder, "suite.yml");
  const transcriptPath = join(folder, "transcript.jsonl");
  const stampsPath = join(folder, "stamps.jsonl");
  await writeFile(suitePath, suiteText(words));
  const run = async (beside: object | null, work: (bench: Workbench) => Promise<Report>): Promise<Run> => {
    rmSync(stampsPath, { force: true });
    const own: Took[] = [];
    let [startedAt, cpuBefore] = [0, process.cpuUsage()];
    const onProgress = ({ kind }: ProgressEvent) => {
      if (kind === "case-started") [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
      if (kind === "case-finished") {
        const { user, system } = process.cpuUsage(cpuBefore);
        own.push({ ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 });
      }
    };
    const bench = nodeWorkbench({
      env: { INFERENCE_GATE_CACHE: join(folder, "cache") },
      signal: new AbortController().signal,
      onProgress,
    });
    const report = mustMatch(
      await work({ ...bench, engines: { ...bench.engines, vllm: stamping(stampsPath, beside) } }),
    );
    const lines = readFileSync(stampsPath, "utf8").trimEnd().split("\n");
    return { report, own, stamps: lines.map((line) => stampSchema.parse(JSON.parse(line))) };
  };
  return {
    transcriptPath,
    record: () =>
      run(words.sampling, (bench) =>
        record({ suitePath, cases: [], mode: "all", reason: null, refusedBy: null, transcriptPath }, bench),
      ),
    check: () =>
      run(null, (bench) => check({ suitePath, cases: [], split: "stop", transcriptPath, resume: null }, bench)),
  };
}

function mustMatch(report: Report): Report {
  if (report.exitCode === 0) return report;
  throw new Error(`${report.verdict}: ${report.problems.map(({ title }) => title).join("; ")}`);
}

/** The engine itself; its driver is started by a program that stamps it. */
function stamping(stampsPath: string, beside: object | null): Engine {
  return {
    ...vllm,
    plan: (suite) => {
      const planned = vllm.plan(suite);
      const [python, ...driver] = planned.argv;
      const program = { hostPath: resolve("bench", "stamped_driver.py") };
      return { ...planned, argv: [python, program, stampsPath, JSON.stringify(beside), ...driver] };
    },
  };
}

function suiteText({ python, model, args, env, sampling, prompts }: SameWords): string {
  return [
    "version: 1",
    "name: vllm-overhead",
    "runtime: process",
    `engine: { name: vllm, command: [${JSON.stringify(python)}], args: ${JSON.stringify(args)}, env: ${JSON.stringify(env)} }`,
    `model: { name: SmolLM2-135M-Instruct, path: ${JSON.stringify(model)} }`,
    `sampling: ${JSON.stringify(sampling)}`,
    "compare: { tier: bits }",
    "cases:",
    ...prompts.map((prompt, index) => `  - { id: case-${index}, prompt: ${JSON.stringify(prompt)} }`),
    "",
  ].join("\n");
}
