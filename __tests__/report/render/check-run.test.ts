import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { buildReport } from "../../../src/report/build-report.ts";
import { type CheckRunText, checkRunName, renderCheckRun } from "../../../src/report/render/check-run.ts";
import type { Report } from "../../../src/report/report.ts";
import { hostileText, withEveryText } from "../hostile-report.ts";
import { pageOf } from "../rendered-page.ts";
import { ordinaryDrift } from "../sample-drifts.ts";
import { emptyRun, plainCase } from "../sample-parts.ts";
import { reportNamed, sampleNames } from "../sample-reports.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "rendered-check-run");
const options = {
  artifact: "inference-gate-report",
  outcome: "fails",
  runUrl: "https://github.com/team/model/actions/runs/17",
} as const;

function drifts(number: number): Report {
  const results = Array.from({ length: number }, (_, index) => ({ ...ordinaryDrift, id: `case-${index}` }));
  return buildReport({ ...emptyRun, results });
}

/** What a reviewer would look at: all of the text, the first annotations and the last. */
function shown({ conclusion, title, summary, annotations }: CheckRunText): string {
  const lines = annotations.map(({ level, file, line, title: heading }) => `${level} ${file}:${line} ${heading}`);
  const few = lines.length <= 12 ? lines : [...lines.slice(0, 6), `… ${lines.length - 8} more`, ...lines.slice(-2)];
  return `conclusion: ${conclusion}\ntitle: ${title}\nannotations: ${lines.length}\n${few.join("\n")}\n\n${summary}`;
}

describe("a check run", () => {
  test.each([
    ["match", reportNamed("match")],
    ["usage", reportNamed("usage")],
    ["1-difference", drifts(1)],
    ["60-differences", drifts(60)],
    ["5000-differences", drifts(5000)],
  ])("of %s is as committed (UPDATE_RENDERED=1 writes it anew)", (name, report) => {
    const text = shown(
      renderCheckRun(report, { ...options, outcome: report.verdict === "match" ? "passes" : "fails" }),
    );
    const file = join(folder, `${name}.md`);
    if (process.env.UPDATE_RENDERED === "1") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  test("counts the annotations that it leaves out", () => {
    const { annotations } = renderCheckRun(drifts(5000), options);
    expect(annotations).toHaveLength(280);
    expect(annotations.at(-1)?.title).toBe("4,721 more");
  });

  test("begins with what is most important, wherever it stands in the suite, and what is cut is of least weight", () => {
    const report = buildReport({
      ...emptyRun,
      results: [
        plainCase("new", "missing", 1),
        ...Array.from({ length: 4_998 }, (_, index) => ({ ...ordinaryDrift, id: `case-${index}` })),
        { ...plainCase("endless", "error", 71), golden: null },
      ],
    });
    const { annotations, summary } = renderCheckRun(report, options);
    expect(annotations.slice(0, 2).map(({ title }) => title)).toEqual([
      "inference-gate: error in endless",
      "inference-gate: drift in case-0",
    ]);
    expect(annotations.filter(({ title }) => title.includes("missing"))).toEqual([]);
    expect(annotations.at(-1)?.title).toBe("4,721 more");
    const rows = summary.split("\n").filter((line) => /^\| `[\w-]+` \| (?:error|drift|missing) \|/.test(line));
    expect(rows[0]).toContain("| `endless` | error |");
    expect(summary).toContain(`… ${(5_000 - rows.length).toLocaleString("en")} more cases in \`report.json\``);
  });
});

describe("the conclusion", () => {
  test.each(sampleNames)("of %s passes for a match only", (name) => {
    const report = reportNamed(name);
    for (const outcome of ["passes", "fails", "tolerated"] as const) {
      const { conclusion } = renderCheckRun(report, { ...options, outcome });
      if (report.verdict === "match") expect(conclusion).toBe("success");
      else if (report.verdict === "error" || report.verdict === "usage") expect(conclusion).toBe("failure");
      else expect(conclusion).toBe(outcome === "tolerated" ? "neutral" : "failure");
    }
  });
});

test("hostile text keeps to GitHub's limits and becomes no element, mention or link", () => {
  const plain = reportNamed("drift-one-case");
  const shapeOf = (report: Report) =>
    pageOf(renderCheckRun(report, options).summary).elements.filter((name) => name !== "strong");
  const shape = shapeOf(withEveryText(plain, "x"));
  fc.assert(
    fc.property(
      hostileText.filter((text) => text.trim() !== ""),
      fc.integer({ min: 1, max: 3000 }),
      (text, times) => {
        const { title, summary, annotations } = renderCheckRun(withEveryText(plain, text), options);
        expect(shapeOf(withEveryText(plain, text))).toEqual(shape);
        for (const piece of pageOf(summary).prose) expect(piece).not.toMatch(/@\w|#\d|\bGH-\d|https?:\/\//i);
        const long = renderCheckRun(withEveryText(plain, text.repeat(times)), options);
        expect(Math.max(title.length, long.title.length)).toBeLessThanOrEqual(255);
        expect(Math.max(summary.length, long.summary.length)).toBeLessThanOrEqual(65_535);
        for (const one of [...annotations, ...long.annotations]) {
          expect(Buffer.byteLength(one.message)).toBeLessThanOrEqual(65_536);
        }
        expect(checkRunName(text.repeat(times), null).length).toBeLessThanOrEqual(100);
        expect(checkRunName(text.repeat(times), text.repeat(times)).length).toBeLessThanOrEqual(255);
        expect(checkRunName(text, text)).not.toMatch(/[\u0000-\u001f\u202e]/);
      },
    ),
    { numRuns: 60 },
  );
});
