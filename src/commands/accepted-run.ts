/** The failed check whose answers are to be accepted: its report and its transcript, read together and held against what is here. */
import { basename, dirname, join, resolve } from "node:path";
import { noRunToAccept, notACheck, otherRun, runNotComplete, runUnstable } from "../messages/accept.ts";
import { transcriptMissing } from "../messages/transcript.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import { parseHardwareClass } from "../model/fingerprint.ts";
import { GateError } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import { lastRunAnswers, type RunAnswers } from "../replay/run-answers.ts";
import { parseReport } from "../report/parse-report.ts";
import type { Report } from "../report/report.ts";
import { environmentDigest } from "./run-transcript.ts";
import { lastReportPath } from "./work-folder.ts";
import type { Workbench } from "./workbench.ts";

export interface AcceptedRun {
  readonly report: Report;
  /** As shown to people. */
  readonly reportFile: string;
  readonly transcriptFile: string;
  readonly fingerprint: Fingerprint;
  readonly answers: RunAnswers["answers"];
}

/** The commit that the report must name, null outside of a repository; or none, where GitHub tells the commit of the run. */
export type WantedCommit = { readonly commit: string | null } | "told by GitHub";

/**
 * `reportPath` is a report file or the folder that holds one; null for the last run beside the suite. Throws GateError for a run whose answers nobody should accept.
 */
export async function acceptedRun(
  suite: Suite,
  reportPath: string | null,
  wanted: WantedCommit,
  bench: Pick<Workbench, "files">,
): Promise<AcceptedRun> {
  const path = await reportFileAt(reportPath === null ? lastReportPath(suite.path) : resolve(reportPath), bench);
  const reportFile = displayPath(path);
  const text = await bench.files.readText(path);
  if (text === null) throw new GateError([noRunToAccept({ file: reportFile })]);
  const report = parseReport(text, reportFile);
  assertAcceptable(report, suite, reportFile, wanted);
  const transcript = await transcriptOf(report, path, suite, bench);
  const transcriptFile = displayPath(transcript);
  const read = await lastRunAnswers(transcript);
  const fingerprint = fingerprintOf(report);
  const isSameRun =
    read !== null &&
    fingerprint !== null &&
    read.run.command === "check" &&
    read.run.suite === suite.name &&
    read.run.hardware_class === fingerprint.hardwareClass &&
    read.run.environment === environmentDigest(fingerprint) &&
    Date.parse(read.run.started_at) >= Date.parse(report.startedAt) &&
    read.ended === report.verdict;
  if (!isSameRun) {
    const found =
      read === null ? "a transcript without a run" : `a run of ${read.run.started_at}, which is another one`;
    throw new GateError([otherRun({ file: transcriptFile, found, expected: `the run that ${reportFile} tells of` })]);
  }
  return { report, reportFile, transcriptFile, fingerprint, answers: read.answers };
}

function assertAcceptable(report: Report, suite: Suite, file: string, wanted: WantedCommit): void {
  const { command, verdict, counts, commit } = report;
  if (command !== "check") throw new GateError([notACheck({ file, found: command })]);
  if (report.suite?.name !== suite.name) {
    const found = report.suite === null ? "no suite" : `the suite ${JSON.stringify(report.suite.name.slice(0, 80))}`;
    throw new GateError([otherRun({ file, found, expected: `the suite ${JSON.stringify(suite.name)}` })]);
  }
  if (verdict === "unstable" || counts.unstable > 0) {
    const cases = report.cases.filter((item) => item.verdict === "unstable").map((item) => item.id);
    throw new GateError([runUnstable({ file, cases })]);
  }
  if (verdict === "error" || verdict === "usage" || counts.error + counts.missing + counts.obsolete > 0) {
    throw new GateError([runNotComplete({ file, verdict })]);
  }
  const head = wanted === "told by GitHub" ? commit : wanted.commit;
  if (commit !== head) {
    const shown = (id: string | null) => (id === null ? "no commit" : `commit ${id.slice(0, 12)}`);
    throw new GateError([
      otherRun({ file, found: `a check of ${shown(commit)}`, expected: `${shown(head)}, as is here` }),
    ]);
  }
}

function fingerprintOf(report: Report): Fingerprint | null {
  const hardwareClass = parseHardwareClass(report.hardwareClass ?? "");
  return hardwareClass === null ? null : { hardwareClass, facts: report.environment.facts };
}

async function reportFileAt(path: string, { files }: Pick<Workbench, "files">): Promise<string> {
  const found = await files.stat(path);
  return found?.isFolder === true ? join(path, "report.json") : path;
}

/** Where the report says; or beside it, as in an artifact; or where `check` keeps them, when it was run from another folder. */
async function transcriptOf(
  report: Report,
  reportPath: string,
  suite: Suite,
  { files }: Pick<Workbench, "files">,
): Promise<string> {
  const beside = join(dirname(reportPath), "transcript.jsonl");
  const said = report.transcript;
  const kept = said === null ? null : join(dirname(lastReportPath(suite.path)), "transcripts", basename(said));
  for (const path of [beside, kept, said === null ? null : resolve(said)]) {
    if (path !== null && (await files.exists(path))) return path;
  }
  throw new GateError([transcriptMissing({ file: displayPath(said ?? beside) })]);
}
