/** The HTML page of 1,000 cases of 4,096 tokens, every tenth drifting in its middle: its size, and how soon a browser shows it and a case of it. */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBrowser } from "../__tests__/e2e/browser.ts";
import type { Completion } from "../src/model/completion.ts";
import { deflatedBase64 } from "../src/platform/deflate.ts";
import type { RunDetail } from "../src/report/detail.ts";
import { packCase } from "../src/report/html/pack-case.ts";
import { renderHtml } from "../src/report/html/page.ts";
import type { CaseReport, Report } from "../src/report/report.ts";
import { type Bench, median } from "./bench.ts";
import { caseIdOf, completionOf, tokensPerCase } from "./compare-data.ts";

const cases = 1000;
const driftEvery = 10;
const opened = 5;

const goals = { bytes: 70_000_000, firstPaintMs: 1500, openCaseMs: 500 };

export const html: Bench = async (say) => {
  const folder = await mkdtemp(join(tmpdir(), "inference-gate-bench-"));
  const browser = await startBrowser();
  try {
    say(`packing ${cases} cases of ${tokensPerCase} tokens`);
    const file = join(folder, "report.html");
    const begin = performance.now();
    const packed = new Map(Array.from({ length: cases }, (_, index) => [caseIdOf(index) as string, packedCase(index)]));
    const detail: RunDetail = { nearTieNats: 0.25, provenance: [], cases: packed, leftOut: 0 };
    await writeFile(file, renderHtml(reportOf(), detail));
    say(`written in ${milliseconds(performance.now() - begin)}, making the data included; opening it`);
    const page = await browser.open(file);
    await page.locator(".tokens .split").first().waitFor();
    const firstPaint = await page.evaluate<number>(
      'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity',
    );
    const whole = await page.evaluate<number>(
      'performance.getEntriesByType("navigation")[0]?.loadEventEnd ?? Infinity',
    );
    say(`the whole file was read after ${milliseconds(whole)}`);
    const times: number[] = [];
    for (let round = 0; round < opened; round += 1) times.push(await page.evaluate<number>(openNext));
    const { size } = await stat(file);
    const name = `page of ${cases} cases × ${tokensPerCase} tokens`;
    const openCase = median(times);
    return [
      {
        ...{ name: `${name}: size`, measured: `${(size / 1e6).toFixed(1)} MB`, ratio: null },
        ...{ goal: `under ${goals.bytes / 1e6} MB`, isMet: size < goals.bytes },
      },
      {
        ...{ name: `${name}: first paint`, measured: milliseconds(firstPaint), ratio: null },
        ...{ goal: `under ${goals.firstPaintMs} ms`, isMet: firstPaint < goals.firstPaintMs },
      },
      {
        ...{ name: `${name}: opening a case`, measured: milliseconds(openCase), ratio: null },
        ...{ goal: `under ${goals.openCaseMs} ms`, isMet: openCase < goals.openCaseMs },
      },
    ];
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
};

/** In the page: from the key to two frames after the next case stands there, in milliseconds. */
const openNext = `new Promise((resolve) => {
  const begin = performance.now();
  const before = document.querySelector(".case-panel");
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "j" }));
  const look = () => {
    if (document.querySelector(".case-panel") === before) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begin)));
  };
  look();
})`;

const milliseconds = (ms: number) => `${ms.toFixed(0)} ms`;
const isDrift = (index: number) => index % driftEvery === 0;

function packedCase(index: number): string {
  const golden = completionOf(index);
  const actual = isDrift(index) ? spliced(golden, completionOf(index + cases)) : golden;
  return deflatedBase64(
    packCase({
      contract: null,
      answers: [
        { of: "golden", content: { kind: "full", completion: golden } },
        { of: { launch: 1, repeat: 1 }, content: { kind: "full", completion: actual } },
      ],
    }),
  );
}

/** The first half of one, the second half of the other. */
function spliced(one: Completion, other: Completion): Completion {
  const at = tokensPerCase / 2;
  const joined = <T extends Uint32Array | Float32Array>(a: T | null, b: T | null): T | null => {
    const copy = a?.slice() as T | undefined;
    if (b !== null) copy?.set(b.subarray(at), at);
    return copy ?? null;
  };
  const end = one.textEnds?.[at - 1] ?? 0;
  const otherEnd = other.textEnds?.[at - 1] ?? 0;
  const ends = one.textEnds?.map((value, index) =>
    index < at ? value : (other.textEnds?.[index] ?? 0) - otherEnd + end,
  );
  return {
    ...one,
    tokenIds: joined(one.tokenIds, other.tokenIds),
    logprobs: joined(one.logprobs, other.logprobs),
    margins: joined(one.margins, other.margins),
    textEnds: ends ?? null,
    text: one.text.slice(0, end) + other.text.slice(otherEnd),
  };
}

function reportOf(): Report {
  const drifts = Math.ceil(cases / driftEvery);
  const none = { close: 0, unstable: 0, missing: 0, obsolete: 0, error: 0 };
  return {
    ...({ version: 1, tool: "inference-gate 0.0.0", command: "check", verdict: "drift", exitCode: 1 } as const),
    ...{
      startedAt: "2026-11-24T00:00:00.000Z",
      durationMs: 60_000,
      suite: null,
      hardwareClass: "bench-class",
      commit: null,
    },
    ...{ generation: 1, counts: { ...none, cases, match: cases - drifts, drift: drifts } },
    tokens: { generated: cases * tokensPerCase, saved: 0, reused: 0, perSecond: 50 },
    environment: { facts: [], changes: [], contractChanges: [] },
    ...{
      diagnoses: [],
      goldenChanges: null,
      digests: null,
      problems: [],
      warnings: [],
      record: null,
      transcript: null,
      next: [],
    },
    cases: Array.from({ length: cases }, (_, index) => caseOf(index)),
  };
}

function caseOf(index: number): CaseReport {
  const at = tokensPerCase / 2;
  const side = { tokenId: 1, logprob: -1, margin: 0.5, text: "a text of some length that a reader would see" };
  const divergence = {
    ...{ kind: "token" as const, tokenIndex: at, textOffset: 5 * at, textLine: at / 16 },
    ...{ before: "the common text before it", expected: side, actual: side },
  };
  return {
    ...{ id: caseIdOf(index), verdict: isDrift(index) ? "drift" : "match", tier: "tokens", unit: "tokens" },
    ...{ source: { file: "suite.yml", line: index + 1, column: 5 }, golden: null },
    ...{ divergence: isDrift(index) ? divergence : null, logprobDrift: null },
    ...{
      commonPrefix: isDrift(index) ? at : tokensPerCase,
      expectedLength: tokensPerCase,
      actualLength: tokensPerCase,
    },
    ...{ tokensGenerated: tokensPerCase, tokensSaved: 0, contractChanges: [], problems: [] },
  };
}
