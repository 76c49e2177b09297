/** Runs one command of the core over a suite, in a process of its own, and tells how much memory it kept along the way. */
import { check } from "../src/commands/check.ts";
import { loadSuiteFor } from "../src/commands/load-for-check.ts";
import { nodeWorkbench } from "../src/commands/node-workbench.ts";
import { record } from "../src/commands/record.ts";
import { withEngine } from "../src/commands/with-engine.ts";
import type { Workbench } from "../src/commands/workbench.ts";
import { writeGeneration } from "../src/commands/write-generation.ts";
import { reportText } from "../src/report/render/json.ts";
import { lockPathOf } from "../src/suite/load-lock.ts";
import { completionOf } from "./compare-data.ts";

/** In bytes, after a collection of garbage. */
export interface MemorySample {
  /** That have streamed. */
  readonly completions: number;
  /** JavaScript's heap, and what it holds outside of it. */
  readonly held: number;
}

/** What the worker prints as one line of JSON. */
export interface MemoryResult {
  readonly verdict: string;
  readonly samples: readonly MemorySample[];
  readonly peakRss: number;
  readonly reportBytes: number;
  readonly ms: number;
  /** Of this process. */
  readonly cpuMs: number;
}

const every = 25;
const [, , verb = "", suitePath = "", cacheFolder = ""] = process.argv;
const transcriptPath = `${suitePath}.transcript.jsonl`;
const samples: MemorySample[] = [];
let completions = 0;
const bench = nodeWorkbench({
  env: { INFERENCE_GATE_CACHE: cacheFolder },
  signal: new AbortController().signal,
  onProgress: ({ kind }) => {
    if (kind !== "case-finished") return;
    completions += 1;
    if (completions % every === 0) sample();
  },
});

const commands: { readonly [verb: string]: () => Promise<void> } = {
  prepare: () => prepare(bench),
  check: () => measure("stop"),
  "check-on": () => measure("keep-going"),
  record: () => measure("record"),
};
await commands[verb]?.();

function sample(): void {
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  samples.push({ completions, held: heapUsed + external });
}

async function measure(how: "stop" | "keep-going" | "record"): Promise<void> {
  const startedAt = performance.now();
  const report =
    how === "record"
      ? await record({ suitePath, cases: [], mode: "all", reason: null, refusedBy: null, transcriptPath }, bench)
      : await check({ suitePath, cases: [], split: how, transcriptPath, resume: null }, bench);
  const [{ user, system }, { maxRSS }] = [process.cpuUsage(), process.resourceUsage()];
  const result: MemoryResult = {
    verdict: report.problems[0]?.title ?? report.verdict,
    samples,
    peakRss: maxRSS * 1024,
    reportBytes: Buffer.byteLength(reportText(report)),
    ms: performance.now() - startedAt,
    cpuMs: (user + system) / 1000,
  };
  console.log(JSON.stringify(result));
}

/** Goldens of the answers that the stand-in gives, written as a recording writes them, without waiting for it. */
async function prepare(workbench: Workbench): Promise<void> {
  const suite = await loadSuiteFor(workbench, suitePath);
  await withEngine(suite, { number: 1, of: 1 }, workbench, async ({ fingerprint }) => {
    await writeGeneration(
      {
        ...{ suite, fingerprint, lock: null, lockPath: lockPathOf(suite.path), accepted: null, obsolete: [] },
        reason: "made up for a measurement",
        answers: suite.cases.map((item, index) => ({
          item,
          repeats: { launches: 2, perLaunch: 2, agreed: "bits" as const },
          content: async () => ({
            kind: "full" as const,
            completion: { ...completionOf(index), promptTokenIds: Uint32Array.of(1, 2, 3) },
          }),
        })),
      },
      workbench,
    );
  });
}
