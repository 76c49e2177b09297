/** What can be wrong with the cases of a suite. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const at: SourceLocation = { file: "inference-gate/suite.yml", line: 14, column: 5 };

const placeOf = ({ file, line, column }: SourceLocation) =>
  [file, line, column].filter((part) => part !== null).join(":");

export const noCases = message<{ location: SourceLocation }>(
  {
    code: "suite/no-cases",
    verdict: "usage",
    explanation: "A suite without a case checks nothing, and a check of nothing must not pass.",
    example: { location: at },
  },
  ({ location }) => ({
    title: "The suite has no cases.",
    location,
    found: "no case",
    expected: "at least one case",
    help: ['Add one: cases: [{ id: hello, prompt: "…" }]', "Or name a JSONL file: cases: [{ from: prompts/*.jsonl }]"],
  }),
);

export const duplicateCaseId = message<{
  location: SourceLocation;
  id: string;
  firstId: string;
  first: SourceLocation;
}>(
  {
    code: "suite/duplicate-case-id",
    verdict: "usage",
    explanation:
      "Two cases have the same id, so they would share one golden file. Upper and lower case count as the same, because some file " +
      "systems do not tell them apart.",
    example: { location: at, id: "Intro", firstId: "intro", first: { ...at, line: 9 } },
  },
  ({ location, id, firstId, first }) => ({
    title: `Case id ${quoted(id)} is taken.`,
    location,
    found: `${quoted(id)} here and ${quoted(firstId)} at ${placeOf(first)}`,
    expected: "ids that differ in more than upper and lower case",
    help: ["Rename one of the two cases."],
  }),
);

export const badCaseId = message<{ location: SourceLocation; id: string }>(
  {
    code: "suite/bad-case-id",
    verdict: "usage",
    explanation:
      "The id of a case is the name of its golden file, so it must be a file name on every system: 1 to 100 letters, digits, `.`, `_` or " +
      "`-`, beginning with a letter or digit, not ending in a dot, and no name that Windows reserves (con, nul, com1, …).",
    example: { location: at, id: "../etc/passwd" },
  },
  ({ location, id }) => ({
    title: `Case id ${quoted(id)} is no safe file name.`,
    location,
    found: quoted(id),
    expected: "1 to 100 letters, digits, `.`, `_` or `-`, beginning with a letter or digit, and no reserved name",
    help: ["Rename the case, such as uk-vs-usa_2."],
  }),
);

export const promptForms = message<{ location: SourceLocation; given: readonly string[]; name: string }>(
  {
    code: "suite/prompt-forms",
    verdict: "usage",
    explanation: "A case has exactly one prompt: plain text, token ids, or chat messages.",
    example: { location: at, given: ["prompt", "messages"], name: 'case "intro"' },
  },
  ({ location, given, name }) => ({
    title: given.length === 0 ? `The ${name} has no prompt.` : `The ${name} has more than one prompt.`,
    location,
    found: given.length === 0 ? "no prompt" : given.join(" and "),
    expected: "exactly one of prompt, prompt_token_ids, messages",
    help: [given.length === 0 ? 'Add prompt: "…".' : "Keep one of them; make a second case for the other."],
  }),
);

export const fromStandsAlone = message<{ location: SourceLocation; others: readonly string[] }>(
  {
    code: "suite/from-stands-alone",
    verdict: "usage",
    explanation:
      "An item with `from` only names files; its cases, with all their fields, are the lines of these files.",
    example: { location: at, others: ["id"] },
  },
  ({ location, others }) => ({
    title: "A case list item with from has no other field.",
    location,
    found: `from with ${others.join(", ")}`,
    expected: "from alone",
    help: ["Put sampling and compare at the top of the suite or into the lines of the file."],
  }),
);

export const fromMatchesNothing = message<{ location: SourceLocation; pattern: string; why: string }>(
  {
    code: "suite/from-matches-nothing",
    verdict: "usage",
    explanation:
      "A `from` names no file that exists, so its cases would silently not be checked. Paths are relative to the suite.",
    example: { location: at, pattern: "prompts/*.json", why: "no file matches" },
  },
  ({ location, pattern, why }) => ({
    title: `No case file is found by ${quoted(pattern)}.`,
    location,
    found: why,
    expected: "at least one JSONL file, relative to the folder of the suite; `*` and `?` match within a name",
    help: ["Correct the path, or remove the item."],
  }),
);

export const caseFileEmpty = message<{ file: string; from: SourceLocation }>(
  {
    code: "suite/case-file-empty",
    verdict: "usage",
    explanation:
      "A JSONL file holds no case. A file that was cut off or not checked out (Git LFS) would look like this.",
    example: { file: "inference-gate/prompts/a.jsonl", from: at },
  },
  ({ file, from }) => ({
    title: "The case file holds no case.",
    location: { file, line: null, column: null },
    found: `no line with a case; named at ${placeOf(from)}`,
    expected: "one JSON object a line",
    help: ["Restore the file, or remove it."],
  }),
);

export const caseFileTwice = message<{ location: SourceLocation; file: string; first: SourceLocation }>(
  {
    code: "suite/case-file-twice",
    verdict: "usage",
    explanation: "Two `from` items find the same file, so each of its cases would run twice under one id.",
    example: { location: at, file: "inference-gate/prompts/a.jsonl", first: { ...at, line: 9 } },
  },
  ({ location, file, first }) => ({
    title: `The case file ${file} is named twice.`,
    location,
    found: `${file} here and at ${placeOf(first)}`,
    expected: "each file once",
    help: ["Remove one of the two, or narrow the pattern."],
  }),
);

export const suiteCasesMessages = [
  noCases,
  duplicateCaseId,
  badCaseId,
  promptForms,
  fromStandsAlone,
  fromMatchesNothing,
  caseFileEmpty,
  caseFileTwice,
];
