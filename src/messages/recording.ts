/** What can go wrong while goldens and lock are put in place. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const whole = (file: string): SourceLocation => ({ file, line: null, column: null });
const exampleJournal = "inference-gate/.inference-gate/journal.json";

export const diskFull = message<{ folder: string; why: string }>(
  {
    code: "goldens/disk-full",
    verdict: "error",
    explanation:
      "There was no room for the new goldens. They are written beside the old ones first and put in place only when all of them and " +
      "the lock are safely on disk, so the old goldens and the old lock are untouched and what was written of the new ones is removed.",
    example: { folder: "inference-gate", why: "ENOSPC: no space left on device, write" },
  },
  ({ folder, why }) => ({
    title: "The disk is full: nothing was recorded, and nothing was lost.",
    location: whole(folder),
    found: quoted(why),
    expected: "room for the new goldens and the lock",
    help: ["Free some space, then record again.", "The old goldens and the lock are as they were."],
  }),
);

export const recordingNotWritten = message<{ folder: string; why: string }>(
  {
    code: "goldens/not-written",
    verdict: "error",
    explanation:
      "The new goldens could not be written. The old goldens and the old lock are untouched: new ones are put in place only when all " +
      "of them are safely on disk.",
    example: { folder: "inference-gate", why: "EACCES: permission denied, mkdir" },
  },
  ({ folder, why }) => ({
    title: "The new goldens could not be written: nothing was recorded.",
    location: whole(folder),
    found: quoted(why),
    expected: "a folder that this user may write to",
    help: ["Correct the permissions of the suite's folder, then record again."],
  }),
);

export const recordingHalted = message<{ journal: string; why: string }>(
  {
    code: "goldens/recording-halted",
    verdict: "error",
    explanation:
      "All new goldens and the new lock are safely on disk, and then one of them could not be moved to its place. Nothing is lost: " +
      "the journal says what is left to do, `record` completes it before anything else, and no command uses the goldens before that.",
    example: { journal: exampleJournal, why: "EACCES: permission denied, rename" },
  },
  ({ journal, why }) => ({
    title: "The recording could not be put in place completely.",
    location: whole(journal),
    found: quoted(why),
    expected: "that every new golden can be moved to its place",
    help: [
      "Mend what is named above (permissions, space), then run `inference-gate record` again: it completes this recording first.",
    ],
  }),
);

export const recordingInterrupted = message<{ journal: string }>(
  {
    code: "goldens/recording-interrupted",
    verdict: "usage",
    explanation:
      "A recording was ended while its goldens were put in place, or another `record` is doing that right now. Old and new goldens " +
      "may stand beside each other, so nothing is compared with them. `record` completes an interrupted recording before anything else.",
    example: { journal: exampleJournal },
  },
  ({ journal }) => ({
    title: "A recording was interrupted while its goldens were put in place.",
    location: whole(journal),
    found: "the journal of a recording that is not complete",
    expected: "goldens and lock of one recording",
    help: ["Complete it: inference-gate record", "If a recording is running right now, wait for it to end."],
  }),
);

export const journalBroken = message<{ journal: string; what: string }>(
  {
    code: "goldens/journal-broken",
    verdict: "error",
    explanation:
      "The journal of an interrupted recording cannot be followed: it was edited, or the files that it names are neither in the " +
      "staging folder nor in place. Guessing would risk a mixture of old and new goldens, so nothing was touched.",
    example: { journal: exampleJournal, what: "moves[3] names a file that is gone" },
  },
  ({ journal, what }) => ({
    title: "The interrupted recording cannot be completed.",
    location: whole(journal),
    found: what,
    expected: "a journal whose files are all there",
    help: [
      "Restore goldens and lock as they were committed: git checkout -- <suite folder>",
      "Then remove the .inference-gate folder beside the suite and record again.",
    ],
  }),
);

export const recordingNamesCollide = message<{ file: string; other: string }>(
  {
    code: "goldens/recording-names-collide",
    verdict: "usage",
    explanation:
      "Two cases of this recording have ids that differ only in upper and lower case. On macOS and Windows both goldens would be one " +
      "file. Nothing was written.",
    example: { file: "goldens/cpu-x86-64-v3-t2/essay.json", other: "goldens/cpu-x86-64-v3-t2/Essay.json" },
  },
  ({ file, other }) => ({
    title: "Two cases would write the same golden on some systems.",
    location: whole(file),
    found: `also ${quoted(other)}`,
    expected: "case ids that differ in more than upper and lower case",
    help: ["Rename one of the two cases."],
  }),
);

export const recordRunning = message<{ folder: string; pid: number; since: string }>(
  {
    code: "goldens/record-running",
    verdict: "error",
    explanation:
      "Another `record` is at work on the same suite. Two at once would each replace what the other has just measured. The lock " +
      "belongs to a process, not to a file: it ends with that process, however that ends.",
    example: { folder: "inference-gate", pid: 4711, since: "2026-11-23T09:15:00.000Z" },
  },
  ({ folder, pid, since }) => ({
    title: `Another recording of this suite is running: process ${pid}.`,
    location: whole(folder),
    found: `process ${pid}, recording since ${since}`,
    expected: "one recording of a suite at a time",
    help: ["Wait for it to end, then record again.", `If it hangs, end it: kill ${pid}`],
  }),
);

export const recordingMessages = [
  diskFull,
  recordingNotWritten,
  recordingHalted,
  recordingInterrupted,
  journalBroken,
  recordingNamesCollide,
  recordRunning,
];
