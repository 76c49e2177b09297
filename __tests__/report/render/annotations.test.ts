import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { buildReport, type ReportedCase } from "../../../src/report/build-report.ts";
import { type Annotation, renderAnnotations } from "../../../src/report/render/annotations.ts";
import { withEveryText } from "../hostile-report.ts";
import { ordinaryDrift } from "../sample-drifts.ts";
import { change, emptyRun, plainCase } from "../sample-parts.ts";
import { sampleRuns } from "../sample-runs.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "rendered-annotations");
const names = Object.keys(sampleRuns);

function reportOf(name: string) {
  const run = sampleRuns[name];
  if (run === undefined) throw new Error(`no sample run ${name}`);
  return buildReport(run);
}

const inWords = (annotations: readonly Annotation[]) =>
  annotations
    .map(({ level, title, message, file, line }) => `${level} ${file ?? "–"}:${line ?? "–"} ${title}\n${message}\n`)
    .join("\n");

const drifts = (number: number): readonly ReportedCase[] =>
  Array.from({ length: number }, (_, index) => ({ ...ordinaryDrift, id: `case-${index}` }));
const failed = { ...plainCase("endless", "error", 71), golden: null };

describe("annotations", () => {
  test.each(names)("%s is as committed (UPDATE_RENDERED=1 writes it anew)", (name) => {
    const file = join(folder, `${name}.txt`);
    const text = inWords(renderAnnotations(reportOf(name), { fails: true }));
    if (process.env.UPDATE_RENDERED === "1") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  test("have no committed file without a sample", () => {
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.txt`).sort());
  });

  test("point at the golden's line where the text splits", () => {
    const [annotation] = renderAnnotations(reportOf("drift-one-case"), { fails: true });
    expect(annotation).toMatchObject({
      level: "error",
      file: ordinaryDrift.golden?.file,
      line: ordinaryDrift.golden?.line,
    });
    expect(annotation?.message).toContain("expected:  the Supreme Court of the United Kingdom");
    expect(annotation?.message).toContain("Likely cause: weights.");
  });

  test("leave one of ten errors to the runner and count what was left out", () => {
    const annotations = renderAnnotations(buildReport({ ...emptyRun, results: drifts(30) }), { fails: true });
    expect(annotations).toHaveLength(9);
    expect(annotations.at(-1)).toMatchObject({ level: "error", title: "22 more", file: null });
  });

  test("that just fit are all shown", () => {
    const annotations = renderAnnotations(buildReport({ ...emptyRun, results: drifts(9) }), { fails: true });
    expect(annotations.map(({ title }) => title)).toEqual(drifts(9).map(({ id }) => `inference-gate: drift in ${id}`));
  });

  test("begin with what is most important", () => {
    const run = {
      ...emptyRun,
      results: [...drifts(2), plainCase("lost", "missing", 3), failed],
      environmentChanges: [change({ label: "engine version", before: "1", after: "2", weight: "noted" })],
    };
    expect(renderAnnotations(buildReport(run), { fails: true }).map(({ level, title }) => `${level} ${title}`)).toEqual(
      [
        "error inference-gate: error in endless",
        "error inference-gate: drift in case-0",
        "error inference-gate: drift in case-1",
        "error inference-gate: missing in lost",
        "notice inference-gate: noted changes of the environment",
      ],
    );
  });

  test("are warnings, ten of them, when the verdict does not fail the job", () => {
    const annotations = renderAnnotations(buildReport({ ...emptyRun, results: drifts(30) }), { fails: false });
    expect(annotations.map(({ level }) => level)).toEqual(Array(10).fill("warning"));
    expect(annotations.at(-1)?.title).toBe("21 more");
  });

  test("are none for a match", () => {
    expect(renderAnnotations(reportOf("match"), { fails: false })).toEqual([]);
  });

  test("stay within 4096 characters, on lines without controls, whatever a model says", () => {
    for (const name of names) {
      const report = withEveryText(reportOf(name), "\u202e\x1b[31m::error::".repeat(2000));
      for (const { message, title } of renderAnnotations(report, { fails: true })) {
        expect(message.length).toBeLessThanOrEqual(4096);
        expect(title.length).toBeLessThanOrEqual(255);
        expect(message + title).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
      }
    }
  });
});
