/** What to do after a run, as exact commands. */

import { shellWord } from "../model/shell-word.ts";
import type { RunVerdict } from "../model/verdict.ts";
import type { Report } from "./report.ts";

export type ReportSoFar = Omit<Report, "next">;
type About = ReportSoFar & { readonly suitePath: string };

const defaultSuite = "inference-gate/suite.yml";
/** More ids than these make a command that nobody reads. */
const mostIds = 5;

/** One step a line; none after a match. `suitePath` also when the suite could not be loaded. */
export function nextSteps(report: ReportSoFar, suitePath: string | null): string[] {
  const about = { ...report, suitePath: report.suite?.path ?? suitePath ?? defaultSuite };
  return report.command === "record" ? afterRecord(about) : afterCheck(about);
}

function afterCheck(report: About): string[] {
  const steps: Record<RunVerdict, (report: About) => string[]> = {
    match: () => [],
    drift: afterDrift,
    unstable: afterUnstable,
    "environment-changed": afterChange,
    error: afterError,
    usage: afterUsage,
  };
  return steps[report.verdict](report);
}

function afterDrift(report: About): string[] {
  const drifted = idsOf(report, "drift");
  return [
    ...drifted.slice(0, 1).map((id) => `See a case in full: ${command(report, "explain", [id])}`),
    `If the change is not wanted, take it back and check these again: ${command(report, "check", casesOption(drifted))}`,
    // An answer that was stopped where it split is no golden.
    `If it is wanted, ${wasStopped(report) ? "check once more with --keep-going, then " : ""}take the answers: ${command(report, "accept", reason)}`,
  ];
}

const wasStopped = ({ cases }: About) => cases.some(({ tokensSaved }) => tokensSaved > 0);

function afterUnstable(report: About): string[] {
  return [
    `What makes an engine disagree with itself: ${command(report, "explain", ["unstable"])}`,
    `Once it is deterministic: ${command(report, "check", casesOption(idsOf(report, "unstable")))}`,
  ];
}

function afterChange(report: About): string[] {
  const { changes, contractChanges } = report.environment;
  const isMeasured = changes.some((change) => change.weight === "breaking");
  return isMeasured || contractChanges.length > 0
    ? [
        isMeasured
          ? "If the change is not wanted, go back to the locked environment and check again."
          : "If the suite was not meant to ask otherwise, take the change back and check again.",
        `If it is wanted, record a new generation and review it: ${command(report, "record", ["--mode", "all", ...reason])}`,
      ]
    : [
        "If the cases were not meant to change, take the change back and check again.",
        `If they were, record them and review them: ${command(report, "record", ["--mode", "changed", ...reason])}`,
      ];
}

function afterError(report: About): string[] {
  const { counts, transcript } = report;
  const isUnfinished = counts.error > 0 || report.problems.length > 0;
  const completed = counts.cases - counts.error - counts.missing;
  return [
    ...(counts.missing > 0
      ? [`Record the missing goldens: ${command(report, "record", ["--mode", "missing", ...reason])}`]
      : []),
    ...(counts.obsolete > 0
      ? [
          `Put the lost cases back into the suite, or remove their goldens: ${command(report, "record", ["--mode", "changed", ...reason])}`,
        ]
      : []),
    ...(isUnfinished && transcript !== null && completed > 0
      ? [
          `${isInterrupted(report) ? "Go on" : "Once mended, go on"} where it stopped: ${command(report, "check", ["--resume", transcript])}`,
        ]
      : []),
    ...(isInterrupted(report) && completed === 0 ? [`Check again: ${command(report, "check", [])}`] : []),
    ...moreAbout(report),
  ];
}

/** Whoever ended a run knows why. */
const isInterrupted = (report: About) => report.problems.some(({ code }) => code === "replay/interrupted");

const moreAbout = (report: About) =>
  isInterrupted(report) ? [] : codesOf(report).map((code) => `More about this: ${command(report, "explain", [code])}`);

function afterUsage(report: About): string[] {
  const again = `Mend what is named above, then: ${command(report, report.command, [])}`;
  return [again, ...codesOf(report).map((code) => `More about this: ${command(report, "explain", [code])}`)];
}

function afterRecord(report: About): string[] {
  if (report.verdict === "usage") return afterUsage(report);
  const written = report.record?.written.length ?? 0;
  const removed = report.record?.removed.length ?? 0;
  const hasChanged = written + removed > 0;
  return [
    ...(hasChanged ? ["Read the new goldens, then commit them together with the lock."] : []),
    ...(hasChanged && report.verdict === "match" ? [`Then check: ${command(report, "check", [])}`] : []),
    ...(report.counts.unstable > 0
      ? [
          `What makes an engine disagree with itself: ${command(report, "explain", ["unstable"])}`,
          `Once it is deterministic: ${command(report, "record", [...modeOption(report), ...reason])}`,
        ]
      : []),
    ...(isInterrupted(report) ? ["Run the same command again: a recording starts from its beginning."] : []),
    ...(report.verdict === "error" ? moreAbout(report) : []),
  ];
}

const reason = ["--reason", "…"];
/** The dots stand for a sentence, and a sentence needs quotes. */
const word = (text: string) => (text === "…" ? '"…"' : shellWord(text));
const modeOption = (report: About) => (report.record === null ? [] : ["--mode", report.record.mode]);

function idsOf(report: About, verdict: string): readonly string[] {
  return report.cases.filter((item) => item.verdict === verdict).map((item) => item.id);
}

/** None when naming them all would not help. */
const casesOption = (ids: readonly string[]) => (ids.length === 0 || ids.length > mostIds ? [] : ["--cases", ...ids]);

/** The first code, of the run before those of its cases. */
function codesOf(report: About): readonly string[] {
  const problems = [...report.problems, ...report.cases.flatMap((item) => item.problems)];
  return problems.slice(0, 1).map((problem) => problem.code);
}

function command(report: About, verb: string, words: readonly string[]): string {
  const { suitePath } = report;
  const suite = suitePath === defaultSuite ? [] : ["--suite", suitePath];
  return ["inference-gate", verb, ...words, ...suite].map(word).join(" ");
}
