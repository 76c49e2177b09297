import { expect, test } from "@jest/globals";
import { leftoverReason } from "../../src/commands/demo-leftovers.ts";
import { journalBroken, recordingNotWritten, recordRunning } from "../../src/messages/recording.ts";
import { interrupted } from "../../src/messages/replay.ts";
import { lockVersion } from "../../src/messages/suite-lock.ts";
import type { Problem } from "../../src/model/problem.ts";
import { buildReport } from "../../src/report/build-report.ts";
import { notStarted } from "../report/sample-parts.ts";
import { sampleRuns } from "../report/sample-runs.ts";

const stoppedBy = (problem: Problem) => buildReport({ ...notStarted, problems: [problem] });
const runCalled = (name: string) => {
  const run = sampleRuns[name];
  if (run === undefined) throw new Error(`no sample run ${name}`);
  return buildReport(run);
};

test.each([
  ["a lock of another version", stoppedBy(lockVersion(lockVersion.example)), lockVersion(lockVersion.example).title],
  [
    "a journal that leads nowhere",
    stoppedBy(journalBroken(journalBroken.example)),
    journalBroken(journalBroken.example).title,
  ],
  ["goldens of another environment", runCalled("environment-changed"), "They were recorded in another environment."],
  ["goldens with other answers", runCalled("drift-one-case"), "They are not what this engine answers."],
  ["goldens of other cases", runCalled("missing-and-obsolete"), "They do not fit the cases."],
])("%s can be started over from", (_, report, reason) => {
  expect(leftoverReason(report)).toBe(reason);
});

test.each([
  ["another demo at work", stoppedBy(recordRunning(recordRunning.example))],
  ["a folder that cannot be written to", stoppedBy(recordingNotWritten(recordingNotWritten.example))],
  ["a signal", stoppedBy(interrupted(interrupted.example))],
  ["an engine that did not start", runCalled("error-engine-did-not-start")],
  ["an engine that fails in a case", runCalled("error-in-a-case")],
  ["an engine that disagrees with itself", runCalled("unstable")],
  ["a match", runCalled("match")],
])("%s is no fault of the goldens", (_, report) => {
  expect(leftoverReason(report)).toBeNull();
});
