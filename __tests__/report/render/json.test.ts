import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import { parseReport } from "../../../src/report/parse-report.ts";
import { reportText } from "../../../src/report/render/json.ts";
import { hostileText, injections, withEveryText } from "../hostile-report.ts";
import { reportNamed, sampleNames } from "../sample-reports.ts";

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
formats.default(ajv);
const isReport = ajv.compile(JSON.parse(readFileSync("schemas/report.schema.json", "utf8")));

describe("the report as JSON", () => {
  test.each(sampleNames)("%s is as the published schema says", (name) => {
    isReport(JSON.parse(reportText(reportNamed(name))));
    expect(isReport.errors).toBeNull();
  });

  test("the schema refuses what is none", () => {
    expect(isReport({ ...reportNamed("match"), verdict: "well" })).toBe(false);
    expect(isReport({ ...reportNamed("match"), more: 1 })).toBe(false);
  });

  test.each(sampleNames)("%s is read back as it was", (name) => {
    const report = reportNamed(name);
    expect(parseReport(reportText(report), "report.json")).toEqual(report);
  });

  const holds = (text: string) => {
    const report = withEveryText(reportNamed("drift-one-case"), text);
    const json = reportText(report);
    expect(JSON.parse(json)).toEqual(report);
    expect(json).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u);
    expect(json).not.toMatch(/^\s*::|##\w*\[/m);
  };

  test("hides nothing and commands nobody where it is printed, and keeps every character", () => {
    injections.forEach(holds);
    fc.assert(fc.property(hostileText, holds), { numRuns: 100 });
  });
});
