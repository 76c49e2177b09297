import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import fc from "fast-check";
import { buildReport } from "../../../src/report/build-report.ts";
import { renderSarif } from "../../../src/report/render/sarif.ts";
import type { Report } from "../../../src/report/report.ts";
import { hostileText, injections, withEveryText } from "../hostile-report.ts";
import { ordinaryDrift } from "../sample-drifts.ts";
import { emptyRun } from "../sample-parts.ts";
import { reportNamed, sampleNames } from "../sample-reports.ts";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "..", "rendered-sarif");
const schema = JSON.parse(readFileSync(join(here, "../../fixtures/report-schemas/sarif-schema-2.1.0.json"), "utf8"));
const shown = ["drift-hostile-output", "drift-one-case", "environment-changed", "unstable", "usage"];

// The pattern of `language` in the schema of OASIS is no regular expression in Unicode mode.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
formats.default(ajv);
const validate = ajv.compile(schema);
const mistakes = (sarif: string) => (validate(JSON.parse(sarif)) ? [] : (validate.errors ?? []));

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { uri: string }; readonly region: object };
  }[];
  readonly partialFingerprints: { readonly [name: string]: string };
}
const runOf = (sarif: string) =>
  JSON.parse(sarif).runs[0] as {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly Result[];
    readonly invocations: readonly [
      { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly object[] },
    ];
  };

describe("SARIF", () => {
  test.each(sampleNames)("%s is valid against the schema of OASIS", (name) => {
    expect(mistakes(renderSarif(reportNamed(name)))).toEqual([]);
  });

  test("the schema refuses what is none", () => {
    expect(mistakes(renderSarif(reportNamed("match")).replace('"results"', '"findings"'))).not.toEqual([]);
  });

  test.each(shown)("%s is as committed (UPDATE_RENDERED=1 writes it anew)", (name) => {
    const file = join(folder, `${name}.sarif`);
    const sarif = renderSarif(reportNamed(name));
    if (process.env.UPDATE_RENDERED === "1") writeFileSync(file, sarif);
    expect(sarif).toBe(readFileSync(file, "utf8"));
  });

  test("has no committed file without a sample", () => {
    expect(readdirSync(folder).sort()).toEqual(shown.map((name) => `${name}.sarif`).sort());
  });

  test.each(sampleNames)("%s has results when it is no match, each of a rule that is told, at a place", (name) => {
    const report = reportNamed(name);
    const { tool, results, invocations } = runOf(renderSarif(report));
    expect(results.length === 0).toBe(report.verdict === "match");
    for (const { ruleId, ruleIndex, locations } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(locations).toHaveLength(1);
    }
    expect(invocations[0].executionSuccessful).toBe(!["error", "usage"].includes(report.verdict));
  });

  test("a check without any case has a result", () => {
    expect(runOf(renderSarif(buildReport({ ...emptyRun, results: [] }))).results).toMatchObject([{ ruleId: "error" }]);
  });

  test("a drift is at the line of its golden and names its cause", () => {
    const { results } = runOf(renderSarif(reportNamed("drift-one-case")));
    expect(results).toMatchObject([
      {
        ruleId: "drift/weights",
        locations: [
          {
            physicalLocation: {
              artifactLocation: {
                uri: "inference-gate/goldens/cpu-x86-64-v3-t2/uk-vs-usa.json",
                uriBaseId: "%SRCROOT%",
              },
              region: { startLine: 34 },
            },
          },
        ],
        partialFingerprints: { "inferenceGateCase/v1": "drift/weights:uk-vs-usa:cpu-x86-64-v3-t2" },
      },
    ]);
  });

  test("the same drift at another token keeps its fingerprint", () => {
    const [first, second] = [57, 91].map((tokenIndex) => {
      const comparison = ordinaryDrift.comparison;
      if (comparison?.divergence == null) throw new Error("no drift");
      const moved = { ...comparison, divergence: { ...comparison.divergence, tokenIndex, textLine: tokenIndex } };
      return runOf(renderSarif(buildReport({ ...emptyRun, results: [{ ...ordinaryDrift, comparison: moved }] })));
    });
    expect(first?.results[0]?.partialFingerprints).toEqual(second?.results[0]?.partialFingerprints);
  });

  test("more results than GitHub takes are cut and counted, those of most weight kept", () => {
    const results = Array.from({ length: 25_010 }, (_, index) => ({ ...ordinaryDrift, id: `case-${index}` }));
    const run = runOf(renderSarif(buildReport({ ...emptyRun, results })));
    expect(run.results).toHaveLength(25_000);
    expect(JSON.stringify(run.invocations[0].toolExecutionNotifications)).toContain("10 further results");
  });
});

describe("hostile text in SARIF", () => {
  const reports = ["drift-one-case", "environment-changed", "error-in-a-case", "error-engine-did-not-start"].map(
    reportNamed,
  );
  const holds = (sarif: string) => {
    expect(mistakes(sarif)).toEqual([]);
    expect(sarif).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u);
    expect(sarif).not.toMatch(/##\w*\[/);
    for (const { message } of runOf(sarif).results) {
      expect(message.text.replace(/\\[\\[\]]/g, "")).not.toMatch(/[[\]]/);
      expect(message.text.replace(/\{\{|\}\}/g, "")).not.toMatch(/[{}]/);
    }
  };

  test("of the corpus is valid, without links, placeholders and anything unseen", () => {
    for (const text of injections) for (const report of reports) holds(renderSarif(withEveryText(report, text)));
  });

  test("never leaves its place, whatever it is", () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom<Report[]>(...reports), (text, report) =>
        holds(renderSarif(withEveryText(report, text))),
      ),
      { numRuns: 60 },
    );
  });
});
