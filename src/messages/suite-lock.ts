/** What can be wrong with a lock file. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const at: SourceLocation = { file: "inference-gate/suite.lock.yml", line: 3, column: 7 };
const again = "Restore it from version control, or move it away and record again: inference-gate record";

export const lockNotOurs = message<{ location: SourceLocation; found: string }>(
  {
    code: "suite/lock-not-ours",
    verdict: "usage",
    explanation:
      "The file in the place of the lock was not written by Inference Gate: it does not begin with its kind. It is neither read nor replaced.",
    example: { location: at, found: 'kind "npm"' },
  },
  ({ location, found }) => ({
    title: "This file is no lock of Inference Gate.",
    location,
    found,
    expected: "kind: inference-gate-lock",
    help: [again],
  }),
);

export const lockVersion = message<{ location: SourceLocation; found: string; expected: number }>(
  {
    code: "suite/lock-version",
    verdict: "usage",
    explanation:
      "The lock is written in another version of its format. A newer one was written by a newer Inference Gate; use the same version " +
      "everywhere, since an older one cannot know what the new fields mean.",
    example: { location: at, found: "2", expected: 1 },
  },
  ({ location, found, expected }) => ({
    title: `The lock has format version ${found}.`,
    location,
    found: `version ${found}`,
    expected: `version ${expected}`,
    help: ["Use the Inference Gate that wrote it.", "Or record again with this one: inference-gate record --mode all"],
  }),
);

export const lockOfAnotherSuite = message<{ location: SourceLocation; found: string; expected: string }>(
  {
    code: "suite/lock-of-another-suite",
    verdict: "usage",
    explanation:
      "The lock beside the suite was recorded for a suite of another name: it was copied, or the suite was renamed. Its goldens say " +
      "nothing about this suite.",
    example: { location: at, found: "chat", expected: "default" },
  },
  ({ location, found, expected }) => ({
    title: "The lock belongs to another suite.",
    location,
    found: `suite ${quoted(found)}`,
    expected: `suite ${quoted(expected)}`,
    help: [
      `If the suite was renamed, give it its name back: name: ${found}`,
      "Otherwise put the right lock and goldens beside the suite, or record anew in an empty folder.",
    ],
  }),
);

export const lockContradicts = message<{ location: SourceLocation; path: string; found: string; expected: string }>(
  {
    code: "suite/lock-contradicts",
    verdict: "usage",
    explanation:
      "The lock contradicts itself: it was edited by hand or merged line by line. A lock is only ever written whole, by `record`.",
    example: {
      location: at,
      path: "classes.cpu-x86-64-v3-t2.goldens.intro.generation",
      found: "3",
      expected: "a generation of the list above",
    },
  },
  ({ location, path, found, expected }) => ({
    title: `The lock contradicts itself at ${path}.`,
    location,
    found,
    expected,
    help: [again],
  }),
);

export const suiteLockMessages = [lockNotOurs, lockVersion, lockOfAnotherSuite, lockContradicts];
