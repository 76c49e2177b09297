import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { buildReport } from "../../../src/report/build-report.ts";
import { renderStepSummary, summaryBudget } from "../../../src/report/render/step-summary.ts";
import type { Report } from "../../../src/report/report.ts";
import { hostileText, withEveryText } from "../hostile-report.ts";
import { pageOf } from "../rendered-page.ts";
import { ordinaryDrift } from "../sample-drifts.ts";
import { emptyRun } from "../sample-parts.ts";
import { sampleRuns } from "../sample-runs.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "rendered-summary");
const names = Object.keys(sampleRuns);
const options = {
  budgetBytes: summaryBudget,
  artifact: "inference-gate-report",
  outcome: "fails",
  runUrl: null,
} as const;

function reportOf(name: string): Report {
  const run = sampleRuns[name];
  if (run === undefined) throw new Error(`no sample run ${name}`);
  return buildReport(run);
}

const manyDrifts = (number: number) =>
  buildReport({
    ...emptyRun,
    results: Array.from({ length: number }, (_, index) => ({ ...ordinaryDrift, id: `case-${index}` })),
  });
const bytesOf = (text: string) => Buffer.byteLength(text);

describe("step summaries", () => {
  test.each(names)("%s is as committed (UPDATE_RENDERED=1 writes it anew)", (name) => {
    const file = join(folder, `${name}.md`);
    const report = reportOf(name);
    const text = renderStepSummary(report, { ...options, outcome: report.verdict === "match" ? "passes" : "fails" });
    if (process.env.UPDATE_RENDERED === "1") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  test("have no committed file without a sample", () => {
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.md`).sort());
  });

  test.each(names)("%s is a page of headings, lists, tables and code", (name) => {
    const known = new Set(
      ["h2", "h3", "p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"].concat([
        ...["code", "pre", "strong", "em", "details", "summary"],
      ]),
    );
    const page = pageOf(renderStepSummary(reportOf(name), options));
    expect(page.elements.filter((element) => !known.has(element))).toEqual([]);
    expect(page.elements[0]).toBe("h2");
  });

  test("say so when a verdict does not fail the job", () => {
    const text = renderStepSummary(reportOf("drift-one-case"), { ...options, outcome: "tolerated" });
    expect(text).toContain("does not fail the job: `fail-on` leaves `drift` out");
  });
});

/** Emphasis that ends in a space is shown as asterisks: no harm done. */
const shapeOf = (markdown: string) => pageOf(markdown).elements.filter((name) => name !== "strong");

describe("hostile text in a summary", () => {
  test("becomes no element, no mention and no link", () => {
    const reports = ["drift-one-case", "environment-changed", "error-in-a-case", "error-engine-did-not-start"].map(
      reportOf,
    );
    const shapes = reports.map((report) => shapeOf(renderStepSummary(withEveryText(report, "x"), options)));
    fc.assert(
      fc.property(
        hostileText.filter((text) => text.trim() !== ""),
        (text) => {
          for (const [index, report] of reports.entries()) {
            const markdown = renderStepSummary(withEveryText(report, text), options);
            expect(shapeOf(markdown)).toEqual(shapes[index]);
            for (const piece of pageOf(markdown).prose) expect(piece).not.toMatch(/@\w|#\d|\bGH-\d|https?:\/\//i);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

test.each([
  [
    "https://github.com/team/model/actions/runs/17",
    "[`inference-gate-report`](https://github.com/team/model/actions/runs/17#artifacts)",
  ],
  ["https://github.com/team/model) [here](https://evil.example/", "`inference-gate-report`"],
  [null, "`inference-gate-report`"],
])("the artifact is linked where the page of the run is known: %s", (runUrl, shown) => {
  const text = renderStepSummary(reportOf("match"), { ...options, runUrl });
  expect(text).toContain(`every answer: artifact ${shown}. Exit code`);
});

describe("a very large drift", () => {
  test("shows what fits a reader, counts the rest and stays far below the limit", () => {
    const text = renderStepSummary(manyDrifts(5000), options);
    expect(bytesOf(text)).toBeLessThan(2 ** 20 / 2);
    expect(text).toContain("### 5,000 cases to look at");
    const rows = text.split("\n").filter((line) => /^\| `case-\d+` \|/.test(line));
    expect(text).toContain(`… ${(5000 - rows.length).toLocaleString("en")} more cases in \`report.json\``);
    expect(pageOf(text).elements.filter((name) => name === "details")).toHaveLength(3);
  });

  test.each([200, 2000, 8000, 40_000])("never exceeds a budget of %i bytes", (budgetBytes) => {
    for (const report of [manyDrifts(300), withEveryText(reportOf("usage"), "ż`|".repeat(3000)), reportOf("match")]) {
      const text = renderStepSummary(report, { ...options, budgetBytes });
      expect(bytesOf(text)).toBeLessThanOrEqual(Math.max(budgetBytes, 400));
      expect(text).toMatch(/^## /);
    }
  });

  test("counts the cases that a small budget leaves out", () => {
    const text = renderStepSummary(manyDrifts(300), { ...options, budgetBytes: 8000 });
    const rows = text.split("\n").filter((line) => /^\| `case-\d+` \|/.test(line)).length;
    expect(rows).toBeGreaterThan(5);
    expect(text).toContain(`… ${300 - rows} more cases in \`report.json\``);
  });
});
