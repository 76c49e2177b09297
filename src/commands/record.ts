/** `record`: asks every case several times in several launches and writes a golden only where all answers agree. */
import { withRecordLock } from "../goldens/record-lock.ts";
import { recoverRecording } from "../goldens/recording.ts";
import { prepareStateFolder } from "../goldens/state-folder.ts";
import { refusedInCi } from "../messages/commands.ts";
import { GateError } from "../model/problem.ts";
import type { RuntimeName } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Report } from "../report/report.ts";
import { assertLockOf, loadLock, lockPathOf } from "../suite/load-lock.ts";
import { commitAnswers } from "./commit-answers.ts";
import { loadSuiteFor } from "./load-for-check.ts";
import { Recording } from "./recording-launch.ts";
import { assertReasonEarly, firstReason, givenReason } from "./recording-reason.ts";
import type { RecordMode } from "./recording-selection.ts";
import { reporting } from "./reporting.ts";
import { selectCases } from "./select-cases.ts";
import { withEngine } from "./with-engine.ts";
import type { Workbench } from "./workbench.ts";

export interface RecordOptions {
  readonly suitePath: string;
  /** Ids or patterns; none means all. */
  readonly cases: readonly string[];
  /** In place of the suite's own; null for that. */
  readonly runtime?: RuntimeName | null;
  readonly mode: RecordMode;
  /** Required for every generation after the first of a hardware class. */
  readonly reason: string | null;
  /** The environment variable that tells that this is CI, where recording was not allowed; null otherwise. */
  readonly refusedBy: string | null;
  /** Where the transcript is appended. */
  readonly transcriptPath: string;
}

/** One report in every path; goldens and lock change together or not at all. */
export function record(options: RecordOptions, bench: Workbench): Promise<Report> {
  return reporting({ command: "record", suitePath: options.suitePath }, bench, async (findings) => {
    if (options.refusedBy !== null) throw new GateError([refusedInCi({ variable: options.refusedBy })]);
    const reason = givenReason(options.reason);
    const suite = await loadSuiteFor(bench, options.suitePath, options.runtime ?? null);
    findings.suite = suite;
    findings.commit = await bench.git.head(suite.folder);
    const chosen = selectCases(suite.cases, options.cases, { file: displayPath(suite.path), option: "--cases" });
    await prepareStateFolder(suite.folder, bench.files);
    await withRecordLock(suite.folder, bench.files, async () => {
      const recovered = await recoverRecording(suite.folder, bench.files);
      if (recovered !== "nothing") bench.onProgress({ kind: "note", text: recoveredText[recovered] });
      const lockPath = lockPathOf(suite.path);
      const lock = await loadLock(lockPath, bench.files);
      if (lock !== null) assertLockOf(lock, suite, lockPath);
      await assertReasonEarly(reason, lock, suite.path, bench.files);
      const { mode, transcriptPath } = options;
      const recording = new Recording({ suite, mode, chosen, reason, lock, lockPath, transcriptPath });
      const { launches } = suite.record;
      try {
        for (let number = 1; number <= launches && !recording.isDone; number += 1) {
          await withEngine(suite, { number, of: launches }, bench, (live) =>
            recording.launch(number, live, findings, bench),
          );
        }
        await commitAnswers(recording, reason ?? firstReason, findings, bench);
      } finally {
        await recording.close();
      }
    });
  });
}

const recoveredText = {
  completed: "An earlier recording had been interrupted while its goldens were put in place; that was completed first.",
  discarded: "An earlier recording had been interrupted before it was complete; what it had prepared was discarded.",
} as const;
