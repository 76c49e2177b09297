/** How much memory the gate keeps while long completions stream: a recording and checks of 1,000, over stdin and stdout and over HTTP. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Bench, Measurement } from "./bench.ts";
import { tokensPerCase } from "./compare-data.ts";
import type { MemoryResult } from "./memory-worker.ts";

const usualCompletions = 1000;
/** Kept for each completion beyond what its part of the report takes: a leak of the completion itself would be 80,000. */
const goalBytes = 4096;
/** A recording asks each case four times. */
const timesRecorded = 4;

interface Kind {
  readonly name: string;
  readonly transport: "stdio" | "http";
  readonly verb: "record" | "check" | "check-on";
  /** The token from which on the answers differ from the goldens; null for a match. */
  readonly otherAt: number | null;
}

const half = tokensPerCase / 2;
const kinds: readonly Kind[] = [
  { name: "check over stdin and stdout", transport: "stdio", verb: "check", otherAt: null },
  { name: "check over HTTP", transport: "http", verb: "check", otherAt: null },
  { name: "check in which every case drifts, to its end", transport: "stdio", verb: "check-on", otherAt: half },
  { name: "recording", transport: "stdio", verb: "record", otherAt: null },
];

/** The size is a number of completions. */
export const memory: Bench = async (say, size) => {
  const completions = size === null ? usualCompletions : Number(size);
  const folder = await mkdtemp(join(tmpdir(), "inference-gate-bench-memory-"));
  try {
    await bundle(folder);
    const measurements: Measurement[] = [];
    for (const kind of kinds) {
      say(`${kind.name}, ${completions} completions of ${tokensPerCase} tokens`);
      measurements.push(
        measured(kind, completions, await streamed(join(folder, kind.transport), folder, kind, completions)),
      );
    }
    return measurements;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function measured({ name }: Kind, completions: number, { samples, peakRss, reportBytes }: MemoryResult): Measurement {
  const grown = bytesPerCompletion(samples);
  const reported = reportBytes / completions;
  const [first, last] = [samples[0]?.held ?? 0, samples.at(-1)?.held ?? 0];
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return {
    name: `memory kept for a completion: ${name}`,
    measured: `${grown.toFixed(0)} bytes`,
    ratio: `${mb(first)} held after the first ${samples[0]?.completions ?? 0}, ${mb(last)} after ${samples.at(-1)?.completions ?? 0}; its part of the report ${reported.toFixed(0)} bytes; peak RSS ${mb(peakRss)}`,
    goal: `at most ${goalBytes} bytes more than its part of the report`,
    isMet: grown <= reported + goalBytes,
  };
}

/** The slope of a straight line through the samples, least squares, without the first fifth: code is still being compiled there. */
function bytesPerCompletion(samples: MemoryResult["samples"]): number {
  const settled = samples.slice(Math.floor(samples.length / 5));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(settled.map((one) => one.completions)), mean(settled.map((one) => one.held))];
  const across = settled.reduce((sum, one) => sum + (one.completions - x) * (one.held - y), 0);
  const along = settled.reduce((sum, one) => sum + (one.completions - x) ** 2, 0);
  return across / along;
}

/** Both as users run the gate: one bundled file each. */
async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: ["bench/memory-worker.ts", "bench/stream-engine.ts"],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "warning",
  });
}

/** Throws when the verdict is another one than the kind must have, or a completion is missing. */
async function streamed(place: string, programs: string, kind: Kind, completions: number): Promise<MemoryResult> {
  const { transport, verb, otherAt } = kind;
  const cases = verb === "record" ? completions / timesRecorded : completions;
  await mkdir(place, { recursive: true });
  const suitePath = join(place, "suite.yml");
  const otherAtFile = join(programs, "other-at");
  await writeFile(suitePath, suiteText(transport, cases, join(programs, "stream-engine.mjs")));
  const worker = async (word: string) => {
    const words = ["--expose-gc", join(programs, "memory-worker.mjs"), word, suitePath, join(programs, "cache")];
    return (await promisify(execFile)(process.execPath, words, { maxBuffer: 2 ** 26 })).stdout;
  };
  try {
    if (verb !== "record") await worker("prepare");
    if (otherAt !== null) await writeFile(otherAtFile, String(otherAt));
    const result: MemoryResult = JSON.parse(await worker(verb));
    const expected = otherAt === null ? "match" : "drift";
    if (result.verdict !== expected) throw new Error(`${kind.name}: ${result.verdict}`);
    if ((result.samples.at(-1)?.completions ?? 0) !== completions)
      throw new Error(`${kind.name}: completions are missing`);
    return result;
  } finally {
    await rm(otherAtFile, { force: true });
    await rm(place, { recursive: true, force: true });
  }
}

function suiteText(transport: Kind["transport"], cases: number, program: string): string {
  const command = JSON.stringify([process.execPath, program]);
  return [
    "version: 1",
    "name: memory",
    "runtime: process",
    `engine: { name: ${transport === "stdio" ? "command" : "openai"}, command: ${command} }`,
    "model: { name: stream }",
    `sampling: { temperature: 0, seed: 42, max_tokens: ${tokensPerCase}, logprobs: 1 }`,
    "compare: { tier: bits }",
    "cases:",
    ...Array.from({ length: cases }, (_, index) => `  - { id: case-${index}, prompt: "Case ${index}" }`),
    "",
  ].join("\n");
}
