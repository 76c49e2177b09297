/** What can be wrong with a golden: its file, its fields, and its place in the lock. */
import type { SourceLocation } from "../model/problem.ts";
import { shellWord } from "../model/shell-word.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const exampleFile = "inference-gate/goldens/cpu-x86-64-v3-t2/essay.json";
const at: SourceLocation = { file: exampleFile, line: 12, column: 5 };
const whole = (file: string): SourceLocation => ({ file, line: null, column: null });
const restore = (file: string) => `Restore the committed file: git checkout -- ${shellWord(file)}`;
const rerecord = 'Or record it again: inference-gate record --mode all --reason "…"';

export const goldenSyntax = message<{ location: SourceLocation; found: string; expected: string; isCutShort: boolean }>(
  {
    code: "goldens/syntax",
    verdict: "usage",
    explanation:
      "The golden is not JSON. Goldens are written whole by `record`; one that ends in the middle was cut by a full disk, a broken " +
      "download or an editor, and one with another mistake was edited.",
    example: { location: at, found: "the end of the text", expected: '"," or "]"', isCutShort: true },
  },
  ({ location, found, expected, isCutShort }) => ({
    title: isCutShort ? "The golden is cut short." : "The golden is not valid JSON.",
    location,
    found,
    expected,
    help: [restore(location.file), rerecord],
  }),
);

export const goldenVersionDiffers = message<{
  location: SourceLocation;
  found: string;
  known: number;
  isNewer: boolean;
}>(
  {
    code: "goldens/version",
    verdict: "usage",
    explanation:
      "A golden carries the version of its format. One of a newer version was written by a newer Inference Gate than this one; one " +
      "of an older version must be recorded again.",
    example: { location: at, found: "2", known: 1, isNewer: true },
  },
  ({ location, found, known, isNewer }) => ({
    title: `The golden has version ${found} of the format.`,
    location,
    found: `version ${found}`,
    expected: `version ${known}`,
    help: isNewer
      ? ["Update Inference Gate to the version that recorded it (the lock names it), or a newer one."]
      : ['Record it again: inference-gate record --mode all --reason "golden format"'],
  }),
);

export const goldenField = message<{ location: SourceLocation; field: string; found: string; expected: string }>(
  {
    code: "goldens/field",
    verdict: "usage",
    explanation:
      "A field of the golden is missing, unknown, or holds what it cannot hold; docs/goldens.md describes every field. Goldens are " +
      "written by `record` and never by hand.",
    example: { location: at, field: "logprobs", found: "12 numbers", expected: "14, one for each token id" },
  },
  ({ location, field, found, expected }) => ({
    title: `The golden's ${quoted(field).slice(1, -1)} is wrong.`,
    location,
    found,
    expected,
    help: [restore(location.file), rerecord],
  }),
);

export const goldenMisplaced = message<{
  location: SourceLocation;
  field: "case" | "hardware_class";
  found: string;
  expected: string;
}>(
  {
    code: "goldens/misplaced",
    verdict: "usage",
    explanation:
      "A golden lies at goldens/<hardware class>/<case id>.json and says both inside as well. They differ when a file was copied or " +
      "renamed by hand: it would be compared with an answer to another prompt, or from other hardware.",
    example: { location: at, field: "case", found: '"intro"', expected: '"essay", after its file name' },
  },
  ({ location, field, found, expected }) => ({
    title: `The golden's ${field} is not that of its place.`,
    location,
    found,
    expected,
    help: [
      "Move the file back to where it was recorded.",
      "A renamed case is recorded anew: inference-gate record --mode changed",
    ],
  }),
);

/** What a changed golden looks like, so that the way back can be named. */
export type GoldenDamage = "edited" | "cut-short" | "line-ends" | "lfs-pointer" | "merge-conflict" | "empty";

const damages: Record<GoldenDamage, { readonly found: string; readonly help: (file: string) => readonly string[] }> = {
  edited: { found: "other contents", help: (file) => [restore(file), rerecord] },
  "cut-short": { found: "a file that is cut short", help: (file) => [restore(file), rerecord] },
  empty: { found: "an empty file", help: (file) => [restore(file), rerecord] },
  "line-ends": {
    found: "the same text with Windows line ends, put in by a checkout with core.autocrlf",
    help: () => [
      "Tell git to leave goldens as they are: add the line `goldens/** -text` to .gitattributes beside the suite, and check the files out again.",
    ],
  },
  "lfs-pointer": {
    found: "a Git LFS pointer in place of the file",
    help: () => ["Fetch the files: git lfs pull (in a workflow: `lfs: true` for actions/checkout)"],
  },
  "merge-conflict": {
    found: "marks of a merge conflict",
    help: () => ["Take one side whole for goldens and lock together, or record again after the merge."],
  },
};

export const goldenChanged = message<{ file: string; damage: GoldenDamage; locked: string; now: string }>(
  {
    code: "goldens/changed",
    verdict: "usage",
    explanation:
      "The lock holds a digest of every golden's bytes. This golden is not what was recorded, so nothing may be compared with it. " +
      "A golden is never edited: what the engine should answer is recorded from the engine.",
    example: { file: exampleFile, damage: "edited", locked: "3f1a9c20b7d4", now: "90ab12cd34ef" },
  },
  ({ file, damage, locked, now }) => ({
    title: "The golden is not the one that was recorded.",
    location: whole(file),
    found: `${damages[damage].found} (sha256 ${now}…)`,
    expected: `the file with sha256 ${locked}… that the lock names`,
    help: damages[damage].help(file),
  }),
);

export const goldenFileMissing = message<{ file: string; otherCase: string | null }>(
  {
    code: "goldens/file-missing",
    verdict: "usage",
    explanation:
      "The lock names this golden and the file is not there: it was deleted, renamed or never committed. A check without it would " +
      "check less than was recorded.",
    example: { file: exampleFile, otherCase: null },
  },
  ({ file, otherCase }) => ({
    title: "A golden that the lock names is missing.",
    location: whole(file),
    found: otherCase === null ? "no file" : `a file ${quoted(otherCase)}, which differs in upper and lower case`,
    expected: "the golden",
    help: [
      otherCase === null ? restore(file) : "Rename the file to the exact name.",
      "See whether .gitignore keeps goldens from being committed.",
      rerecord,
    ],
  }),
);

export const goldenNotLocked = message<{ file: string }>(
  {
    code: "goldens/not-in-lock",
    verdict: "usage",
    explanation:
      "There is a golden that the lock does not know. It was copied there, or the lock was not committed with it. Nobody can tell " +
      "whether it is what an engine answered, so it is not used and not passed over.",
    example: { file: exampleFile },
  },
  ({ file }) => ({
    title: "A golden is not in the lock.",
    location: whole(file),
    found: "a golden that the lock does not name",
    expected: "goldens and lock from the same recording",
    help: [
      "Commit the lock together with the goldens of the same recording.",
      "Or delete the file if it is a leftover.",
    ],
  }),
);

export const goldenLockDisagrees = message<{
  location: SourceLocation;
  field: string;
  found: string;
  expected: string;
}>(
  {
    code: "goldens/lock-disagrees",
    verdict: "usage",
    explanation:
      "The golden is the one whose digest the lock holds, and yet the lock says otherwise about its generation or contract. The " +
      "lock was edited by hand.",
    example: { location: at, field: "generation", found: "2", expected: "3, as the lock says" },
  },
  ({ location, field, found, expected }) => ({
    title: `Golden and lock disagree about the ${field}.`,
    location,
    found,
    expected,
    help: ["Restore the committed lock with git, together with the goldens.", rerecord],
  }),
);

export const goldenNamesCollide = message<{ file: string; other: string }>(
  {
    code: "goldens/names-collide",
    verdict: "usage",
    explanation:
      "Two case ids differ only in upper and lower case. On macOS and Windows both goldens would be the same file, and one would " +
      "silently replace the other.",
    example: { file: exampleFile, other: "Essay.json" },
  },
  ({ file, other }) => ({
    title: "Two goldens differ only in upper and lower case.",
    location: whole(file),
    found: `also ${quoted(other)}`,
    expected: "names that differ on every file system",
    help: ["Rename one of the two cases, then record: inference-gate record --mode changed"],
  }),
);

export const goldenNotRead = message<{ file: string; why: string }>(
  {
    code: "goldens/not-read",
    verdict: "usage",
    explanation: "The golden is there and could not be read: it is a folder, or the permissions do not allow it.",
    example: { file: exampleFile, why: "EACCES: permission denied" },
  },
  ({ file, why }) => ({
    title: "The golden cannot be read.",
    location: whole(file),
    found: quoted(why),
    expected: "a readable file",
    help: ["Correct the permissions of the file, or what stands in its place."],
  }),
);

export const goldensMessages = [
  goldenSyntax,
  goldenVersionDiffers,
  goldenField,
  goldenMisplaced,
  goldenChanged,
  goldenFileMissing,
  goldenNotLocked,
  goldenLockDisagrees,
  goldenNamesCollide,
  goldenNotRead,
];
