import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { validateXML } from "xmllint-wasm";
import { buildReport } from "../../../src/report/build-report.ts";
import { renderJUnit } from "../../../src/report/render/junit.ts";
import type { Report } from "../../../src/report/report.ts";
import { hostileText, injections, withEveryText } from "../hostile-report.ts";
import { emptyRun } from "../sample-parts.ts";
import { reportNamed, sampleNames } from "../sample-reports.ts";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "..", "rendered-junit");
const schema = readFileSync(join(here, "../../fixtures/report-schemas/junit-10.xsd"), "utf8");
const shown = [
  "drift-hostile-output",
  "drift-one-case",
  "environment-changed",
  "match-with-close",
  "unstable",
  "usage",
];

async function mistakes(documents: readonly string[]): Promise<readonly string[]> {
  const xml = documents.map((contents, index) => ({ fileName: `report-${index}.xml`, contents }));
  const { errors } = await validateXML({ xml, schema: [{ fileName: "junit.xsd", contents: schema }] });
  return errors.map(({ rawMessage }) => rawMessage);
}

const elements = (xml: string, name: string) => [...xml.matchAll(new RegExp(`<${name}[ >]`, "g"))].length;

describe("JUnit XML", () => {
  test("of every kind of run is valid against the schema of Jenkins' xUnit plugin", async () => {
    expect(await mistakes(sampleNames.map((name) => renderJUnit(reportNamed(name))))).toEqual([]);
  });

  test("the schema refuses what is none", async () => {
    const [broken = ""] = sampleNames.map((name) => renderJUnit(reportNamed(name)).replace("<testcase", "<case"));
    expect(await mistakes([broken])).not.toEqual([]);
  });

  test.each(shown)("%s is as committed (UPDATE_RENDERED=1 writes it anew)", (name) => {
    const file = join(folder, `${name}.xml`);
    const xml = renderJUnit(reportNamed(name));
    if (process.env.UPDATE_RENDERED === "1") writeFileSync(file, xml);
    expect(xml).toBe(readFileSync(file, "utf8"));
  });

  test("has no committed file without a sample", () => {
    expect(readdirSync(folder).sort()).toEqual(shown.map((name) => `${name}.xml`).sort());
  });

  test.each(sampleNames)("%s shows as passed when it is a match, and only then", (name) => {
    const report = reportNamed(name);
    const xml = renderJUnit(report);
    const failed = elements(xml, "failure") + elements(xml, "error");
    expect(failed === 0).toBe(report.verdict === "match");
    expect(xml).toContain(`<testsuites name="inference-gate" tests="${elements(xml, "testcase")}"`);
  });

  test("a check without any case does not show as passed", () => {
    const xml = renderJUnit(buildReport({ ...emptyRun, results: [] }));
    expect(xml).toMatch(/<testcase name="\(run\)"[^>]*>\n {6}<error type="error" message="no case was run/);
  });

  test("a case has its place, what differs and the likely cause", () => {
    const xml = renderJUnit(reportNamed("drift-one-case"));
    expect(xml).toContain(
      '<testcase name="uk-vs-usa" classname="support-assistant" file="inference-gate/suite.yml" line="12">',
    );
    expect(xml).toContain('<failure type="drift" message="differs from its golden at token 57 of 256 (22 % in)');
    expect(xml).toContain("Likely cause: weights");
  });
});

describe("hostile text in JUnit XML", () => {
  const reports = ["drift-one-case", "environment-changed", "error-in-a-case", "error-engine-did-not-start"].map(
    reportNamed,
  );
  const forbidden =
    /[^\n\x20-\x7e\u00a1-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u200b\u2028-\u202e\u2066-\u2069\ufeff]/u;

  test("of the corpus is valid, shown and no markup", async () => {
    const documents = injections.flatMap((text) => reports.map((report) => renderJUnit(withEveryText(report, text))));
    expect(await mistakes(documents)).toEqual([]);
    for (const xml of documents) expect(xml).not.toMatch(/<(?:script|img|iframe|svg|style|!DOCTYPE|!--|!\[)/i);
  });

  test("never leaves its place, whatever it is", async () => {
    const documents: string[] = [];
    fc.assert(
      fc.property(hostileText, fc.constantFrom<Report[]>(...reports), (text, report) => {
        const xml = renderJUnit(withEveryText(report, text));
        expect(xml).not.toMatch(forbidden);
        expect(
          xml.replace(/<\/?(?:testsuites?|testcase|propert(?:y|ies)|failure|error|system-out|\?xml)\b[^<>]*>/g, ""),
        ).not.toMatch(/[<>]/);
        documents.push(xml);
      }),
      { numRuns: 150 },
    );
    expect(await mistakes(documents)).toEqual([]);
  });
});
