import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { buildReport, type ReportInput } from "../../../src/report/build-report.ts";
import { renderPredicate, renderStatement } from "../../../src/report/render/statement.ts";
import { digest, emptyRun, matching } from "../sample-parts.ts";
import { reportNamed, sampleNames } from "../sample-reports.ts";

const file = join(dirname(fileURLToPath(import.meta.url)), "..", "rendered-statement", "match.txt");

/** Statement v1, ResourceDescriptor v1 and test-result v0.1 as in-toto's specification words them (in-toto/attestation, spec/v1 and spec/predicates). */
const resource = {
  type: "object",
  anyOf: [{ required: ["name"] }, { required: ["uri"] }, { required: ["digest"] }, { required: ["content"] }],
  properties: {
    name: { type: "string", minLength: 1 },
    uri: { type: "string", format: "uri" },
    digest: {
      type: "object",
      minProperties: 1,
      properties: {
        sha256: { type: "string", pattern: "^[0-9a-f]{64}$" },
        gitCommit: { type: "string", pattern: "^([0-9a-f]{40}|[0-9a-f]{64})$" },
      },
      additionalProperties: { type: "string", pattern: "^[0-9a-f]+$" },
    },
    annotations: { type: "object" },
  },
};
const tests = { type: "array", items: { type: "string" } };
const statement = {
  type: "object",
  required: ["_type", "subject", "predicateType"],
  properties: {
    _type: { const: "https://in-toto.io/Statement/v1" },
    subject: { type: "array", minItems: 1, items: { ...resource, required: ["digest"] } },
    predicateType: { const: "https://in-toto.io/attestation/test-result/v0.1" },
    predicate: {
      type: "object",
      required: ["result", "configuration"],
      properties: {
        result: { enum: ["PASSED", "WARNED", "FAILED"] },
        configuration: { type: "array", items: resource },
        url: { type: "string", format: "uri" },
        passedTests: tests,
        warnedTests: tests,
        failedTests: tests,
      },
    },
  },
};
const runUrl = "https://github.com/team/model/actions/runs/17";
const ajv = new Ajv2020({ allErrors: true });
formats.default(ajv);
const isStatement = ajv.compile(statement);

const checked = (over: Partial<ReportInput> = {}) =>
  buildReport({
    ...emptyRun,
    ...{ results: matching(3), commit: "0a1b2c3d".repeat(5) },
    digests: {
      contract: digest("c"),
      goldens: digest("9"),
      lock: { file: "inference-gate/suite.lock.yml", digest: digest("1") },
    },
    ...over,
  });

describe("the statement", () => {
  test("is as committed (UPDATE_RENDERED=1 writes it anew)", () => {
    const text = renderStatement(checked(), runUrl);
    if (process.env.UPDATE_RENDERED === "1") writeFileSync(file, text ?? "");
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  test.each(sampleNames)("of the sample %s is one of in-toto's, and passes for a match only", (name) => {
    const report = { ...reportNamed(name), digests: checked().digests };
    const text = renderStatement(report, runUrl);
    expect(text === null).toBe(report.suite === null);
    if (text === null) return;
    const value = JSON.parse(text);
    isStatement(value);
    expect(isStatement.errors).toBeNull();
    expect(value.predicate.result === "FAILED").toBe(report.verdict !== "match");
    expect(value.predicate).toEqual(JSON.parse(renderPredicate(report, runUrl) ?? ""));
  });

  test("links to the page of the run, where that is one", () => {
    const urlOf = (page: string | null) => JSON.parse(renderPredicate(checked(), page) ?? "").url;
    expect(urlOf(runUrl)).toBe(runUrl);
    expect([urlOf(null), urlOf("javascript:alert(1)"), urlOf("https://evil.invalid/ x")]).toEqual(
      Array(3).fill(undefined),
    );
  });

  test("names every case once", () => {
    const report = { ...reportNamed("match-with-close"), digests: checked().digests };
    const { predicate } = JSON.parse(renderStatement(report, runUrl) ?? "");
    expect(predicate.result).toBe("WARNED");
    const all = [...predicate.passedTests, ...predicate.warnedTests, ...predicate.failedTests];
    expect(all.sort()).toEqual(report.cases.map(({ id }) => id).sort());
    expect(predicate.warnedTests).toHaveLength(report.counts.close);
  });

  test("is about the image where there is one", () => {
    const facts = [{ key: "image.digest", value: digest("a"), source: "docker container inspect" }];
    const { subject, predicate } = JSON.parse(
      renderStatement({ ...checked(), environment: { ...checked().environment, facts } }, null) ?? "",
    );
    const image = { name: "image", digest: { sha256: "a".repeat(64) } };
    expect(subject).toContainEqual(image);
    expect(predicate.configuration).toContainEqual(image);
  });

  test("is not made for a run that never got to its goldens", () => {
    const report = checked({ digests: null });
    expect([renderStatement(report, runUrl), renderPredicate(report, runUrl)]).toEqual([null, null]);
  });
});
