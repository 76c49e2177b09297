/** Comparing 1,000 cases of 4,096 tokens with their goldens from disk, against jest's snapshots of the same completions. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { type Bench, inTurns, median } from "./bench.ts";
import { tokensPerCase, writeCases } from "./compare-data.ts";
import type { WorkerResult } from "./compare-worker.ts";
import { jestSnapshots } from "./jest-snapshots.ts";

const cases = 1000;
const fewCases = 100;
const rounds = 3;

/** Memory is flat when ten times the cases take at most this much more; a leak of one case each would be five times that. */
const flatMiB = 32;

export const compare: Bench = async (say) => {
  const folder = await mkdtemp(join(tmpdir(), "inference-gate-bench-"));
  try {
    say(
      `writing ${cases} cases of ${tokensPerCase} tokens as goldens, transcript and jest snapshots; takes minutes and 1 GB`,
    );
    const worker = await bundledWorker(folder);
    const jest = await jestSnapshots(join(folder, "jest"));
    await writeCases(folder, cases, (id, completion) => jest.add(id, completion));
    await jest.record();
    say(`comparing in turns, ${rounds} rounds`);
    const memory: WorkerResult[] = [];
    const times = await inTurns(
      rounds,
      async () => {
        const { ms, result } = await runWorker(worker, folder, cases);
        memory.push(result);
        return ms;
      },
      () => jest.check(),
    );
    const few = await runWorker(worker, folder, fewCases);
    const [ours, theirs] = [median(times.first), median(times.second)];
    const peak = median(memory.map((one) => one.peakRssMiB));
    say(
      `goldens ${milliseconds(median(memory.map((one) => one.goldensMs)))}, comparing ${milliseconds(median(memory.map((one) => one.compareMs)))}, the rest start-up and transcript`,
    );
    say(`each round: ${times.first.map(milliseconds).join(", ")}; jest ${times.second.map(milliseconds).join(", ")}`);
    const ratio = theirs / ours;
    return [
      {
        name: `compare ${cases} cases × ${tokensPerCase} tokens`,
        measured: milliseconds(ours),
        ratio: `${ratio.toFixed(1)}× faster than jest (${milliseconds(theirs)})`,
        goal: "under 1 s, at least 20×",
        isMet: ours < 1000 && ratio >= 20,
      },
      {
        name: `peak memory of that, beside ${fewCases} cases`,
        measured: `${peak.toFixed(0)} MiB`,
        ratio: `${few.result.peakRssMiB.toFixed(0)} MiB for ${fewCases}`,
        goal: `at most ${flatMiB} MiB more`,
        isMet: peak - few.result.peakRssMiB <= flatMiB,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const milliseconds = (value: number) => `${value.toFixed(0)} ms`;

/** The worker as users run the gate: one bundled file. */
async function bundledWorker(folder: string): Promise<string> {
  const outfile = join(folder, "worker.mjs");
  await build({
    entryPoints: ["bench/compare-worker.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "warning",
  });
  return outfile;
}

/** Milliseconds of the whole process. Throws when not every case matched. */
async function runWorker(worker: string, folder: string, count: number): Promise<{ ms: number; result: WorkerResult }> {
  const start = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [worker, folder, String(count)]);
  const ms = performance.now() - start;
  const result: WorkerResult = JSON.parse(stdout);
  if (result.matches !== count) throw new Error(`${result.matches} of ${count} cases matched`);
  return { ms, result };
}
