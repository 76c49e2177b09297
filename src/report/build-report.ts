/** Builds the report of a run from what the run has found; the verdict, the counts and the next steps are decided here. */
import type { Case } from "../model/case.ts";
import type { Comparison, FirstDivergence } from "../model/comparison.ts";
import type { Diagnosis } from "../model/diagnosis.ts";
import type { EnvironmentChange, Fingerprint } from "../model/fingerprint.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { type CaseVerdict, exitCodes, type RunVerdict, runVerdict } from "../model/verdict.ts";
import { nextSteps } from "./next-steps.ts";
import type { CaseReport, Report } from "./report.ts";

/** What is known of one case. */
export interface ReportedCase {
  readonly id: string;
  /** Null for an obsolete golden. */
  readonly item: Pick<Case, "source" | "compare"> | null;
  readonly verdict: CaseVerdict;
  readonly comparison: Comparison | null;
  readonly problems: readonly Problem[];
  readonly golden: SourceLocation | null;
  readonly contractChanges: readonly string[];
  readonly tokensGenerated: number;
  readonly tokensSaved: number;
}

export interface ReportInput {
  readonly command: Report["command"];
  readonly tool: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Full id of the commit that is checked out; null outside of a repository. */
  readonly commit: string | null;
  /** As a person would type it, whether it could be loaded or not; null when no suite was named. */
  readonly suitePath: string | null;
  /** Null when it could not be loaded. */
  readonly suite: Pick<Suite, "name" | "engine" | "model" | "runtime"> | null;
  /** Null when no engine was reached. */
  readonly fingerprint: Fingerprint | null;
  /** Of the goldens compared with or written. */
  readonly generation: number | null;
  readonly environmentChanges: readonly EnvironmentChange[];
  /** Changes of the contract that all cases share. */
  readonly contractChanges: readonly string[];
  readonly results: readonly ReportedCase[];
  readonly diagnoses: readonly Diagnosis[];
  /** What stopped the run or a part of it. */
  readonly problems: readonly Problem[];
  /** What a reader must know beside the verdict, which it does not change. */
  readonly warnings: readonly Problem[];
  readonly tokensReused: number;
  /** Time spent in replaying, for tokens per second. */
  readonly replayMs: number;
  readonly digests: Report["digests"];
  readonly goldenChanges: Report["goldenChanges"];
  readonly record: Report["record"];
  readonly transcript: string | null;
}

/** The report of a run, finished or not. */
export function buildReport(input: ReportInput): Report {
  const verdict = verdictOf(input);
  const report = {
    version: 1 as const,
    tool: input.tool,
    command: input.command,
    verdict,
    exitCode: exitCodes[verdict],
    startedAt: input.startedAt,
    durationMs: input.durationMs,
    commit: input.commit,
    suite: suiteOf(input),
    hardwareClass: input.fingerprint?.hardwareClass ?? null,
    generation: input.generation,
    counts: countsOf(input.results),
    tokens: tokensOf(input),
    environment: {
      facts: (input.fingerprint?.facts ?? []).map((fact) => ({ ...fact })),
      changes: input.environmentChanges.map((change) => ({ ...change })),
      contractChanges: [...input.contractChanges],
    },
    diagnoses: input.diagnoses.map((one) => ({ ...one, evidence: [...one.evidence], cases: [...one.cases] })),
    cases: input.results.map(caseReport),
    digests: input.digests,
    goldenChanges: input.goldenChanges,
    problems: input.problems.map(problemReport),
    warnings: input.warnings.map(problemReport),
    record: input.record,
    transcript: input.transcript,
  };
  return { ...report, next: nextSteps(report, input.suitePath) };
}

/** The report of a run that never started: nothing but its problems. */
export function problemsReport(
  run: Pick<ReportInput, "command" | "tool" | "startedAt" | "durationMs">,
  problems: readonly Problem[],
): Report {
  return buildReport({
    ...run,
    commit: null,
    suitePath: null,
    suite: null,
    fingerprint: null,
    generation: null,
    environmentChanges: [],
    contractChanges: [],
    results: [],
    diagnoses: [],
    problems,
    warnings: [],
    tokensReused: 0,
    replayMs: 0,
    digests: null,
    goldenChanges: null,
    record: null,
    transcript: null,
  });
}

/**
 * A problem of the run itself comes first: without it the rest would be another. A recording has no environment to differ from,
 * and one that had nothing to do has done it.
 */
function verdictOf(input: ReportInput): RunVerdict {
  if (input.problems.some((problem) => problem.verdict === "error")) return "error";
  if (input.problems.length > 0) return "usage";
  const verdicts = input.results.map((result) => result.verdict);
  if (input.command === "record") return verdicts.length === 0 ? "match" : runVerdict(verdicts, false);
  return runVerdict(verdicts, isEnvironmentChanged(input));
}

/** A changed contract counts as a changed environment: the golden answers another question than the one that was asked. */
function isEnvironmentChanged(input: ReportInput): boolean {
  return (
    input.environmentChanges.some((change) => change.weight === "breaking") ||
    input.contractChanges.length > 0 ||
    input.results.some((result) => result.contractChanges.length > 0)
  );
}

function suiteOf({ suite }: ReportInput): Report["suite"] {
  if (suite === null) return null;
  const { name, engine, model, runtime } = suite;
  return { name, path: engine.source.file, engine: engine.name, model: model?.name ?? null, runtime };
}

/** Obsolete goldens are no cases. */
function countsOf(results: readonly ReportedCase[]): Report["counts"] {
  const counts = { cases: 0, match: 0, close: 0, drift: 0, unstable: 0, missing: 0, obsolete: 0, error: 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return { ...counts, cases: results.length - counts.obsolete };
}

function tokensOf({ results, tokensReused, replayMs }: ReportInput): Report["tokens"] {
  const generated = results.reduce((sum, result) => sum + result.tokensGenerated, 0);
  const saved = results.reduce((sum, result) => sum + result.tokensSaved, 0);
  const perSecond = generated > 0 && replayMs > 0 ? generated / (replayMs / 1000) : null;
  return { generated, saved, reused: tokensReused, perSecond };
}

function caseReport(result: ReportedCase): CaseReport {
  const { comparison } = result;
  return {
    id: result.id,
    verdict: result.verdict,
    tier: comparison?.tier ?? result.item?.compare.tier ?? null,
    source: locationOf(result.item?.source ?? null),
    golden: locationOf(result.golden),
    divergence: divergenceOf(comparison?.divergence ?? null),
    commonPrefix: comparison?.commonPrefix ?? null,
    expectedLength: comparison?.expectedLength ?? null,
    actualLength: comparison?.actualLength ?? null,
    unit: comparison?.unit ?? "tokens",
    logprobDrift: comparison?.logprobDrift == null ? null : { ...comparison.logprobDrift },
    tokensGenerated: result.tokensGenerated,
    tokensSaved: result.tokensSaved,
    contractChanges: [...result.contractChanges],
    problems: result.problems.map(problemReport),
  };
}

function divergenceOf(divergence: FirstDivergence | null): CaseReport["divergence"] {
  if (divergence === null) return null;
  return { ...divergence, expected: { ...divergence.expected }, actual: { ...divergence.actual } };
}

function problemReport(problem: Problem): Report["problems"][number] {
  const { code, verdict, title, location, found, expected, help, evidence } = problem;
  return {
    code,
    verdict,
    title,
    location: locationOf(location),
    found,
    expected,
    help: [...help],
    evidence: [...evidence],
  };
}

const locationOf = (location: SourceLocation | null) => (location === null ? null : { ...location });
