/** A check of vLLM offline over a bare Python script with the same `LLM`, the same prompts and sampling: per token, as whole processes, and at the start. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { realVllmForTests } from "../__tests__/e2e/real-vllm.ts";
import { preludeEnvironment } from "../src/engines/drivers/environment.ts";
import { lastRunAnswers } from "../src/replay/run-answers.ts";
import { defaultDeterminism } from "../src/suite/determinism-schema.ts";
import type { Bench } from "./bench.ts";
import { pairsOf, perToken } from "./vllm-pairs.ts";
import { type SameWords, type StampedGate, stampedGate } from "./vllm-suite.ts";
import { bareOutput, type WholePair, wholeMeasurements } from "./vllm-whole.ts";

const wholePairs = 3;
const usual = { cases: 6, tokens: 128 };

/** The size is cases × tokens, such as `2x64`. */
export const vllm: Bench = async (say, size) => {
  const { cases, tokens } = size === null ? usual : sizeOf(size);
  const { python, smollm2 } = await realVllmForTests();
  const folder = await mkdtemp(join(tmpdir(), "inference-gate-bench-vllm-"));
  try {
    const words = sameWords(python, smollm2, cases, tokens);
    const gate = await stampedGate(folder, words);
    say(`recording ${cases} cases of ${tokens} tokens, four times each, the bare loop beside each; ${load()}`);
    const recorded = await gate.record();
    const pairs = pairsOf(recorded, tokens, await goldensOf(gate));
    const wholes: WholePair[] = [];
    for (let number = 0; number < wholePairs; number += 1) {
      say(`a check and the bare script, ${number + 1} of ${wholePairs}; ${load()}`);
      wholes.push(await wholePair(gate, words, number % 2 === 0 ? "check first" : "script first"));
    }
    say(load());
    return [...perToken(recorded, pairs, tokens, say), ...wholeMeasurements(wholes)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const load = () => `load ${loadavg()[0]?.toFixed(1)}`;

function sizeOf(text: string): { cases: number; tokens: number } {
  const [, cases, tokens] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (cases === undefined || tokens === undefined) throw new Error(`${text} is no size such as 2x64`);
  return { cases: Number(cases), tokens: Number(tokens) };
}

function sameWords(python: string, model: string, cases: number, tokens: number): SameWords {
  return {
    python,
    model,
    args: {
      dtype: "bfloat16",
      max_model_len: 2048,
      enforce_eager: true,
      max_num_seqs: 1,
      enable_prefix_caching: false,
    },
    env: { VLLM_CPU_KVCACHE_SPACE: "1" },
    sampling: { temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: tokens, ignore_eos: true, logprobs: 2 },
    prompts: Array.from({ length: cases }, (_, index) => `Chapter ${index + 1}. The harbour town woke slowly, and`),
  };
}

async function goldensOf({ transcriptPath }: StampedGate): Promise<readonly (readonly number[])[]> {
  const told = await lastRunAnswers(transcriptPath);
  return [...(told?.answers.values() ?? [])].flatMap((answers) =>
    answers.flatMap(({ content }) =>
      content.kind === "full" && content.completion.tokenIds !== null ? [[...content.completion.tokenIds]] : [],
    ),
  );
}

async function wholePair(
  gate: StampedGate,
  words: SameWords,
  order: "check first" | "script first",
): Promise<WholePair> {
  if (order === "check first") {
    const checked = await gate.check();
    return { gate: checked, ...(await bareScript(words)) };
  }
  const script = await bareScript(words);
  return { gate: await gate.check(), ...script };
}

async function bareScript(words: SameWords): Promise<Pick<WholePair, "bare" | "bareMs">> {
  const { python, model, args, env, sampling, prompts } = words;
  const { PATH, HOME } = process.env;
  const asked = JSON.stringify({ model, args, sampling, prompts });
  const prelude = preludeEnvironment({ env, source: { file: "bench", line: 1, column: 1 } }, defaultDeterminism);
  const startedAt = performance.now();
  const { stdout } = await promisify(execFile)(python, [resolve("bench", "bare_vllm.py"), asked], {
    env: { PATH, HOME, ...prelude },
    maxBuffer: 2 ** 26,
  });
  const bareMs = performance.now() - startedAt;
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  return { bare: bareOutput.parse(JSON.parse(last)), bareMs };
}
