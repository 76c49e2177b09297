import { describe, expect, test } from "@jest/globals";
import { GateError, type Problem } from "../../src/model/problem.ts";
import type { CaseVerdict } from "../../src/model/verdict.ts";
import { buildReport, problemsReport, type ReportInput } from "../../src/report/build-report.ts";
import { parseReport } from "../../src/report/parse-report.ts";
import { reportSchema } from "../../src/report/report.ts";
import { ordinaryDrift } from "./sample-drifts.ts";
import { change, emptyRun, matching, plainCase, problem } from "./sample-parts.ts";
import { sampleRuns } from "./sample-runs.ts";

const run = (about: Partial<ReportInput>) => buildReport({ ...emptyRun, results: matching(2), ...about });
const breaking = change({ label: "engine version", before: "a", after: "b" });
const noted = change({ label: "driver version", before: "a", after: "b", weight: "noted" });
const mistake: Problem = problem({ code: "suite/unknown-field", title: "Unknown field.", verdict: "usage" });
const failure: Problem = problem({ code: "runtimes/exited-early", title: "It ended." });

describe("the verdict of a check", () => {
  test.each<[string, Partial<ReportInput>, string, number]>([
    ["every case matches", {}, "match", 0],
    ["a noted change only", { environmentChanges: [noted] }, "match", 0],
    ["a case differs", { results: [...matching(2), ordinaryDrift] }, "drift", 1],
    ["a mistake in a file", { results: [], problems: [mistake] }, "usage", 2],
    ["a mistake and a failure", { problems: [mistake, failure] }, "error", 3],
    ["no case at all", { results: [] }, "error", 3],
    ["a failure after matches", { problems: [failure] }, "error", 3],
    ["a case without a golden", { results: [...matching(2), plainCase("new", "missing", 9)] }, "error", 3],
    [
      "an engine that disagrees with itself",
      { results: [plainCase("a", "unstable", 9), ordinaryDrift] },
      "unstable",
      4,
    ],
    ["a breaking change", { environmentChanges: [breaking] }, "environment-changed", 5],
    [
      "a breaking change and drift",
      { environmentChanges: [breaking], results: [ordinaryDrift] },
      "environment-changed",
      5,
    ],
    ["a changed contract", { contractChanges: ["engine.args.seed 1 → 2"] }, "environment-changed", 5],
    ["a changed case", { results: [{ ...ordinaryDrift, contractChanges: ["seed 1 → 2"] }] }, "environment-changed", 5],
  ])("%s", (_, about, verdict, exitCode) => {
    expect(run(about)).toMatchObject({ verdict, exitCode });
  });
});

describe("the verdict of a recording", () => {
  test.each<[string, readonly CaseVerdict[], string]>([
    ["all stable", ["match", "match"], "match"],
    ["nothing to do", [], "match"],
    ["one unstable", ["match", "unstable"], "unstable"],
    ["one failed", ["unstable", "error"], "error"],
  ])("%s", (_, verdicts, verdict) => {
    const results = verdicts.map((one, index) => plainCase(`case-${index}`, one, index + 1));
    expect(run({ command: "record", results, environmentChanges: [breaking] })).toMatchObject({ verdict });
  });
});

describe("counts and tokens", () => {
  test("an obsolete golden is no case", () => {
    const obsolete = { ...plainCase("old", "obsolete", 1), item: null };
    const { counts } = run({ results: [...matching(2), ordinaryDrift, obsolete] });
    expect(counts).toMatchObject({ cases: 3, match: 2, drift: 1, obsolete: 1 });
  });

  test("tokens are summed, and their rate is over the time of replaying", () => {
    const { tokens } = run({ results: [...matching(2, 100), ordinaryDrift], replayMs: 2000, tokensReused: 7 });
    expect(tokens).toEqual({ generated: 258, saved: 198, reused: 7, perSecond: 129 });
  });

  test("nothing generated has no rate", () => {
    expect(run({ results: [] }).tokens.perSecond).toBeNull();
  });
});

describe("the next steps", () => {
  test("name the suite where it is not the usual one, quoted for a shell", () => {
    const suite = emptyRun.suite;
    if (suite === null) throw new Error("the sample has a suite");
    const file = "gates/it's here/suite.yml";
    const source = { ...suite.engine.source, file };
    const { next } = run({ results: [ordinaryDrift], suite: { ...suite, engine: { ...suite.engine, source } } });
    expect(next.join("\n")).toContain("--suite 'gates/it'\\''s here/suite.yml'");
  });

  test("name a suite that could not be loaded", () => {
    const { next } = run({
      suite: null,
      results: [],
      problems: [{ ...failure, verdict: "usage" }],
      suitePath: "mine/suite.yml",
    });
    expect(next[0]).toBe("Mend what is named above, then: inference-gate check --suite mine/suite.yml");
  });

  test("resume an incomplete run that left a transcript", () => {
    const results = [...matching(2), plainCase("slow", "error", 9)];
    const resumes = (about: Partial<ReportInput>) =>
      run({ results, ...about }).next.filter((step) => step.includes("--resume")).length;
    expect(resumes({})).toBe(1);
    expect(resumes({ transcript: null })).toBe(0);
  });

  test("after an interruption: a check goes on where it stopped, a recording starts again", () => {
    const problems = [{ ...failure, code: "replay/interrupted" }];
    const check = run({ results: matching(2), problems });
    expect(check.next).toEqual([expect.stringMatching(/^Go on where it stopped: inference-gate check --resume /)]);
    expect(run({ results: [], problems }).next).toEqual(["Check again: inference-gate check"]);
    expect(run({ command: "record", results: [], problems }).next).toEqual([
      "Run the same command again: a recording starts from its beginning.",
    ]);
  });

  test("a match needs none", () => {
    expect(run({}).next).toEqual([]);
  });
});

describe("the JSON form", () => {
  test.each(Object.entries(sampleRuns))("%s fits the schema and comes back the same", (_, input) => {
    const report = buildReport(input);
    expect(reportSchema.parse(report)).toEqual(report);
    expect(parseReport(JSON.stringify(report), "report.json")).toEqual(report);
  });

  test("a run that never started has its problems and nothing else", () => {
    const report = problemsReport(
      { command: "check", tool: "inference-gate 0.1.0", startedAt: emptyRun.startedAt, durationMs: 3 },
      [mistake, mistake],
    );
    expect(reportSchema.parse(report)).toMatchObject({ verdict: "usage", exitCode: 2, suite: null, cases: [] });
    expect(report.problems).toHaveLength(2);
  });
});

describe("parseReport", () => {
  const good = JSON.stringify(buildReport({ ...emptyRun, results: matching(1) }), null, 2);
  const problemsOf = (text: string): readonly Problem[] => {
    try {
      parseReport(text, "report.json");
    } catch (error) {
      if (error instanceof GateError) return error.problems;
      throw error;
    }
    return [];
  };

  test("says where a text that was cut off ends", () => {
    const [found] = problemsOf(good.slice(0, 200));
    const lines = good.slice(0, 200).split("\n");
    expect(found).toMatchObject({ code: "report/not-json", location: { file: "report.json", line: lines.length } });
  });

  test.each([
    ["", "report/not-json"],
    ["::error::", "report/not-json"],
    ["[]", "report/not-a-report"],
    ['{"version":1}', "report/not-a-report"],
    [good.replace('"version": 1', '"version": 2'), "report/other-version"],
    [good.replace('"exitCode": 0', '"exitCode": "0"'), "report/not-a-report"],
  ])("refuses %j", (text, code) => {
    expect(problemsOf(text)[0]).toMatchObject({ code, verdict: "usage" });
  });

  test("tells of every field that does not fit", () => {
    const text = good.replace('"exitCode": 0', '"exitCode": "0"').replace('"durationMs": ', '"durationMs": -');
    expect(problemsOf(text).map(({ title }) => title)).toEqual([
      'The file is no report: "exitCode" does not fit.',
      'The file is no report: "durationMs" does not fit.',
    ]);
  });
});
