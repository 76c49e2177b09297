/** A check of vLLM offline over a bare Python script with the same `LLM`, the same prompts and sampling: per token and as whole processes, in turns. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { realVllmForTests } from "../__tests__/e2e/real-vllm.ts";
import { check } from "../src/commands/check.ts";
import { nodeWorkbench } from "../src/commands/node-workbench.ts";
import { record } from "../src/commands/record.ts";
import { preludeEnvironment } from "../src/engines/drivers/environment.ts";
import type { ProgressEvent } from "../src/model/progress.ts";
import type { Report } from "../src/report/report.ts";
import { defaultDeterminism } from "../src/suite/determinism-schema.ts";
import { type Bench, median } from "./bench.ts";

const rounds = 3;
const usual = { cases: 4, tokens: 256 };
const goal = 1.01;
const run = promisify(execFile);

interface Timed {
  /** Milliseconds of each case. */
  readonly cases: readonly number[];
  /** Milliseconds of the whole process, the engine's start included. */
  readonly wholeMs: number;
}

/** The size is cases × tokens, such as `2x64`. */
export const vllm: Bench = async (say, size) => {
  const { cases, tokens } = size === null ? usual : sizeOf(size);
  const real = await realVllmForTests();
  const folder = await mkdtemp(join(tmpdir(), "inference-gate-bench-vllm-"));
  try {
    const args = {
      dtype: "bfloat16",
      max_model_len: 2048,
      enforce_eager: true,
      max_num_seqs: 1,
      enable_prefix_caching: false,
    };
    const sampling = { temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: tokens, ignore_eos: true, logprobs: 2 };
    const prompts = Array.from(
      { length: cases },
      (_, index) => `Chapter ${index + 1}. The harbour town woke slowly, and`,
    );
    const env = { VLLM_CPU_KVCACHE_SPACE: "1" };
    const words = { python: real.python, model: real.smollm2, args, env, sampling, prompts };
    say(`recording ${cases} cases of ${tokens} tokens, four times each`);
    const gate = await recordedGate(folder, words);
    const times = { gate: [] as Timed[], bare: [] as Timed[] };
    for (let round = 0; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds}: check, then the bare script`);
      times.gate.push(await gate());
      times.bare.push(await bareScript(words));
    }
    const perCase = (all: readonly Timed[]) => median(all.flatMap((one) => one.cases));
    const [gateMs, bareMs] = [perCase(times.gate), perCase(times.bare)];
    const whole = (all: readonly Timed[]) => median(all.map((one) => one.wholeMs));
    const pairs = times.gate.flatMap((one, round) =>
      one.cases.map((ms, at) => ms / (times.bare[round]?.cases[at] ?? Number.NaN)),
    );
    // A busy machine slows one round more than the next: each case is held against the same case of its own round.
    const ratio = median(pairs);
    return [
      {
        name: `vLLM offline, ${cases} cases × ${tokens} tokens`,
        measured: `${(gateMs / tokens).toFixed(3)} ms a token`,
        ratio: `${ratio.toFixed(4)}× a bare script (${(bareMs / tokens).toFixed(3)} ms), median of each pair`,
        goal: `at most ${goal}×`,
        isMet: ratio <= goal,
      },
      {
        name: "the same as whole processes",
        measured: `${(whole(times.gate) / 1000).toFixed(1)} s`,
        ratio: `${(whole(times.gate) / whole(times.bare)).toFixed(4)}× a bare script (${(whole(times.bare) / 1000).toFixed(1)} s)`,
        goal: "told, not judged: both start vLLM",
        isMet: true,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function sizeOf(text: string): { cases: number; tokens: number } {
  const [, cases, tokens] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (cases === undefined || tokens === undefined) throw new Error(`${text} is no size such as 2x64`);
  return { cases: Number(cases), tokens: Number(tokens) };
}

interface Words {
  readonly python: string;
  readonly model: string;
  readonly args: object;
  readonly env: { readonly [name: string]: string };
  readonly sampling: object;
  readonly prompts: readonly string[];
}

/** Records the suite and returns a timed check of it. Throws for any other verdict than `match`. */
async function recordedGate(folder: string, words: Words): Promise<() => Promise<Timed>> {
  const suitePath = join(folder, "suite.yml");
  await writeFile(suitePath, suiteText(words));
  const transcriptPath = join(folder, "transcript.jsonl");
  const bench = (onProgress: (event: ProgressEvent) => void) =>
    nodeWorkbench({
      env: { INFERENCE_GATE_CACHE: join(folder, "cache") },
      signal: new AbortController().signal,
      onProgress,
    });
  mustMatch(
    await record(
      { suitePath, cases: [], mode: "all", reason: null, refusedBy: null, transcriptPath },
      bench(() => {}),
    ),
  );
  return async () => {
    const cases: number[] = [];
    let startedAt = 0;
    const report = await check(
      { suitePath, cases: [], split: "stop", transcriptPath, resume: null },
      bench(({ kind }) => {
        if (kind === "case-started") startedAt = performance.now();
        if (kind === "case-finished") cases.push(performance.now() - startedAt);
      }),
    );
    return { cases, wholeMs: mustMatch(report).durationMs };
  };
}

function mustMatch(report: Report): Report {
  if (report.exitCode === 0) return report;
  throw new Error(`${report.verdict}: ${report.problems.map(({ title }) => title).join("; ")}`);
}

async function bareScript({ python, model, args, env, sampling, prompts }: Words): Promise<Timed> {
  const { PATH, HOME } = process.env;
  const asked = JSON.stringify({ model, args, sampling, prompts });
  const startedAt = performance.now();
  const prelude = preludeEnvironment({ env, source: { file: "bench", line: 1, column: 1 } }, defaultDeterminism);
  const { stdout } = await run(python, [resolve("bench", "bare_vllm.py"), asked], {
    env: { PATH, HOME, ...prelude },
    maxBuffer: 2 ** 26,
  });
  const wholeMs = performance.now() - startedAt;
  const told: readonly { ms: number }[] = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "[]");
  return { cases: told.map(({ ms }) => ms), wholeMs };
}

function suiteText({ python, model, args, env, sampling, prompts }: Words): string {
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
