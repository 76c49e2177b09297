/** Rendering what GitHub shows of 5,000 drifting cases: the step summary and the annotations, within their limits. */

import { renderAnnotations } from "../src/report/render/annotations.ts";
import { renderStepSummary, summaryBudget } from "../src/report/render/step-summary.ts";
import type { Report } from "../src/report/report.ts";
import { type Bench, median } from "./bench.ts";

const cases = 5000;
const rounds = 5;
const goalMs = 1000;

export const summary: Bench = async (say, size) => {
  const number = size === null ? cases : Number(size);
  const report = driftingReport(number);
  say(`rendering ${number} drifting cases, ${rounds} times`);
  const times: number[] = [];
  let markdown = "";
  let shown = 0;
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    markdown = renderStepSummary(report, {
      budgetBytes: summaryBudget,
      artifact: "report",
      outcome: "fails",
      runUrl: null,
    });
    shown = renderAnnotations(report, { fails: true }).length;
    times.push(performance.now() - begin);
  }
  const ms = median(times);
  const bytes = Buffer.byteLength(markdown);
  return [
    {
      name: `summary and annotations of ${number} drifting cases`,
      measured: `${ms.toFixed(1)} ms`,
      ratio: null,
      goal: "under 1 s",
      isMet: ms < goalMs,
    },
    {
      name: "size of that summary",
      measured: `${(bytes / 1024).toFixed(0)} KiB, ${shown} annotations`,
      ratio: null,
      goal: "under 1 MiB, at most 10",
      isMet: bytes < 2 ** 20 && shown <= 10,
    },
  ];
};

/** Texts as long as a report may hold, full of what must be escaped. */
function driftingReport(number: number): Report {
  const text = "|<*_`@x".repeat(34);
  const side = { tokenId: 260, logprob: -0.41, margin: 0.87, text };
  const none = { match: 0, close: 0, unstable: 0, missing: 0, obsolete: 0, error: 0 };
  const ids = Array.from({ length: number }, (_, index) => `case-${index}`);
  return {
    version: 1,
    tool: "inference-gate",
    command: "check",
    verdict: "drift",
    exitCode: 1,
    startedAt: "2026-11-24T00:00:00.000Z",
    durationMs: 1000,
    commit: null,
    goldenChanges: null,
    warnings: [],
    digests: null,
    suite: { name: "bench", path: "inference-gate/suite.yml", engine: "scripted", model: null, runtime: "process" },
    hardwareClass: "cpu",
    generation: 1,
    counts: { ...none, cases: number, drift: number },
    tokens: { generated: number, saved: 0, reused: 0, perSecond: null },
    environment: { facts: [], changes: [], contractChanges: [] },
    diagnoses: [{ cause: "unknown", sentence: text, evidence: [text], cases: ids }],
    cases: ids.map((id, index) => ({
      id,
      verdict: "drift",
      tier: "tokens",
      source: { file: "inference-gate/suite.yml", line: index + 1, column: 5 },
      golden: { file: `inference-gate/goldens/cpu/${id}.json`, line: 30, column: null },
      divergence: {
        kind: "token",
        tokenIndex: 57,
        textOffset: 200,
        textLine: 4,
        before: text,
        expected: side,
        actual: side,
      },
      commonPrefix: 57,
      expectedLength: 256,
      actualLength: 58,
      unit: "tokens",
      logprobDrift: null,
      tokensGenerated: 58,
      tokensSaved: 198,
      contractChanges: [],
      problems: [],
    })),
    problems: [],
    record: null,
    transcript: null,
    next: [],
  };
}
