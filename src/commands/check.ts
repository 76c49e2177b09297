/** `check`: replays the suite on its engine and holds every completion against its golden. Never writes a golden. */
import { diagnose } from "../diagnose/diagnose.ts";
import { environmentDifference } from "../environment/environment-difference.ts";
import { warmUp } from "../replay/warm-up.ts";
import type { Report } from "../report/report.ts";
import { contractChanges, sharedContract } from "../suite/contract.ts";
import { caseStates } from "./case-states.ts";
import { checkTranscript } from "./check-transcript.ts";
import { loadRecorded, loadSuiteFor, type Recorded } from "./load-for-check.ts";
import { replayAgainstGoldens } from "./replay-against-goldens.ts";
import { type RunFindings, reporting } from "./reporting.ts";
import { reusableCompletions } from "./reuse.ts";
import { selectCases } from "./select-cases.ts";
import { type LiveEngine, withEngine } from "./with-engine.ts";
import type { Workbench } from "./workbench.ts";

export interface CheckOptions {
  readonly suitePath: string;
  /** Ids or patterns; none means all. */
  readonly cases: readonly string[];
  /** What happens to a case that has split from its golden. */
  readonly split: "stop" | "keep-going";
  /** Where the transcript is appended. */
  readonly transcriptPath: string;
  /** Transcript of a killed run whose completions may be reused. */
  readonly resume: string | null;
}

/** One report in every path: nothing a user can do wrong escapes as an exception. */
export function check(options: CheckOptions, bench: Workbench): Promise<Report> {
  return reporting("check", bench, async (findings) => {
    const suite = await loadSuiteFor(bench, options.suitePath);
    findings.suite = suite;
    const recorded = await loadRecorded(suite, bench);
    const cases = selectCases(suite.cases, options.cases, suite.path);
    await withEngine(suite, { number: 1, of: 1 }, bench, async (live) => {
      compareEnvironment(live, recorded, findings);
      const { comparable, settled } = caseStates(suite, cases, recorded, live.fingerprint.hardwareClass, bench);
      findings.results.push(...settled);
    });
  });
}
