/** A check over the same requests sent by a bare script to the same running llama.cpp server, case by case in turns. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sendBare } from "./bare-client.ts";
import { type Bench, inTurns, median } from "./bench.ts";
import { withLlamaServer } from "./llama-server.ts";
import { type OverheadSuite, recordedSuite } from "./overhead-suite.ts";

const rounds = 3;
const usual = { cases: 20, tokens: 256 };
const goal = 1.01;

/** The size is cases × tokens, such as `5x64`. */
export const overhead: Bench = async (say, size) => {
  const { cases, tokens } = size === null ? usual : sizeOf(size);
  const folder = await mkdtemp(join(tmpdir(), "inference-gate-bench-"));
  try {
    return await withLlamaServer(say, async (baseUrl) => {
      say(`recording ${cases} cases of ${tokens} tokens, four times each`);
      const suite = await recordedSuite(folder, baseUrl, { cases, tokens });
      say(`sending each in turns, ${rounds} rounds`);
      const measured = await measure(suite, `${baseUrl}/completion`);
      const [gate, bare] = [median(measured.gate), median(measured.bare)];
      const pairs = measured.gate.map((ms, index) => ms / (measured.bare[index] ?? Number.NaN));
      const speed = (ms: number) => `${(tokens / (ms / 1000)).toFixed(1)} tokens/s`;
      say(
        `check ${speed(gate)}, bare script ${speed(bare)}; median of the ratios of each pair ${median(pairs).toFixed(4)}`,
      );
      say(
        `our processor time for a token: ${perToken(measured.gateCpuMs, cases, tokens)} in the check, ${perToken(measured.bareCpuMs, cases, tokens)} in the bare script`,
      );
      say(
        `what a check does besides its cases (reading, measuring, warm-up): ${median(measured.restMs).toFixed(0)} ms`,
      );
      return [
        {
          name: `check of ${cases} cases × ${tokens} tokens`,
          measured: `${gate.toFixed(0)} ms a case`,
          ratio: `${(gate / bare).toFixed(4)}× a bare script (${bare.toFixed(0)} ms)`,
          goal: `at most ${goal}×`,
          isMet: gate / bare <= goal,
        },
      ];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function sizeOf(text: string): { cases: number; tokens: number } {
  const [, cases, tokens] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (cases === undefined || tokens === undefined) throw new Error(`${text} is no size such as 5x64`);
  return { cases: Number(cases), tokens: Number(tokens) };
}

interface Measured {
  /** Milliseconds from the start of a case to its verdict, the golden read and the transcript on the disk. */
  readonly gate: readonly number[];
  /** Milliseconds of the same request. */
  readonly bare: readonly number[];
  readonly gateCpuMs: number;
  readonly bareCpuMs: number;
  /** Milliseconds of each check outside its case. */
  readonly restMs: readonly number[];
}

async function measure(suite: OverheadSuite, url: string): Promise<Measured> {
  const all = { gate: [] as number[], bare: [] as number[], restMs: [] as number[] };
  const cpu = { gate: 0, bare: 0 };
  for (let round = 0; round < rounds; round += 1) {
    for (const { id, body } of suite.cases) {
      const { first, second } = await inTurns(
        1,
        async () => {
          const one = await timedCheck(suite, id);
          cpu.gate += one.cpuMs;
          all.restMs.push(one.restMs);
          return one.caseMs;
        },
        async () => {
          const before = process.cpuUsage();
          const start = performance.now();
          await sendBare(url, body);
          const ms = performance.now() - start;
          cpu.bare += cpuMsSince(before);
          return ms;
        },
      );
      all.gate.push(...first);
      all.bare.push(...second);
    }
  }
  return { ...all, gateCpuMs: cpu.gate / rounds, bareCpuMs: cpu.bare / rounds };
}

async function timedCheck(suite: OverheadSuite, id: string) {
  let [startedAt, caseMs, cpuMs] = [0, 0, 0];
  let cpuBefore = process.cpuUsage();
  const report = await suite.check(id, (event) => {
    if (event.kind === "case-started") {
      cpuBefore = process.cpuUsage();
      startedAt = performance.now();
    } else if (event.kind === "case-finished") {
      caseMs = performance.now() - startedAt;
      cpuMs = cpuMsSince(cpuBefore);
    }
  });
  return { caseMs, cpuMs, restMs: report.durationMs - caseMs };
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const perToken = (cpuMs: number, cases: number, tokens: number) => `${((cpuMs / cases / tokens) * 1000).toFixed(0)} µs`;
