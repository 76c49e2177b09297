/** What can be wrong with a file before its values are looked at: reading, encoding and syntax. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const at: SourceLocation = { file: "inference-gate/suite.yml", line: 7, column: 3 };
const whole = (file: string): SourceLocation => ({ file, line: null, column: null });
const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

export const suiteNotFound = message<{ file: string }>(
  {
    code: "suite/not-found",
    verdict: "usage",
    explanation:
      "There is no suite file at this path. A suite says which engine and model are gated and with which prompts. " +
      "`inference-gate init` writes one to start from; `--suite` names one that lies elsewhere.",
    example: { file: "inference-gate/suite.yml" },
  },
  ({ file }) => ({
    title: "There is no suite file.",
    location: whole(file),
    found: "no such file",
    expected: "a suite.yml",
    help: ["Write one to start from: inference-gate init", "Or name the file: --suite <path>"],
  }),
);

export const fileNotRead = message<{ file: string; why: string }>(
  {
    code: "suite/file-not-read",
    verdict: "usage",
    explanation: "The file is there and could not be read: it is a folder, or the permissions do not allow it.",
    example: { file: "inference-gate/suite.yml", why: "EACCES: permission denied" },
  },
  ({ file, why }) => ({
    title: "The file cannot be read.",
    location: whole(file),
    found: quoted(why),
    expected: "a readable file",
    help: ["Correct the path or the permissions of the file."],
  }),
);

export const fileTooLarge = message<{ file: string; bytes: number; limitBytes: number }>(
  {
    code: "suite/file-too-large",
    verdict: "usage",
    explanation:
      "Suite, lock and prompt files are read as a whole, so their size is limited. A file beyond the limit is most likely not " +
      "the file that was meant.",
    example: { file: "inference-gate/prompts/all.jsonl", bytes: 90_000_000, limitBytes: 2 ** 26 },
  },
  ({ file, bytes, limitBytes }) => ({
    title: "The file is too large.",
    location: whole(file),
    found: mebibytes(bytes),
    expected: `at most ${mebibytes(limitBytes)}`,
    help: ["Split the prompts over several JSONL files and name them with a pattern: { from: prompts/*.jsonl }"],
  }),
);

export const notUtf8 = message<{ location: SourceLocation; found: string }>(
  {
    code: "suite/not-utf8",
    verdict: "usage",
    explanation:
      "Files are UTF-8. Another encoding would be misread silently, and prompts that are misread change every answer.",
    example: { location: at, found: "byte 0xE9" },
  },
  ({ location, found }) => ({
    title: "The file is not UTF-8.",
    location,
    found,
    expected: "UTF-8 text",
    help: ["Save the file as UTF-8 in your editor."],
  }),
);

export const yamlSyntax = message<{ location: SourceLocation; what: string; line: string; advice: string }>(
  {
    code: "suite/yaml-syntax",
    verdict: "usage",
    explanation:
      "The file is not valid YAML 1.2, so nothing of it could be used. The place named is where reading failed; the mistake is " +
      "there or shortly before it. A file that was cut off ends in the middle of a value.",
    example: {
      location: at,
      what: "Flow sequence must end with a ]",
      line: "  args: [1, 2",
      advice: "Close it with `]`; if the file was cut off, restore it.",
    },
  },
  ({ location, what, line, advice }) => ({
    title: `YAML syntax: ${what.slice(0, 160)}.`,
    location,
    found: quoted(line),
    expected: "valid YAML 1.2",
    help: [advice],
  }),
);

export const mergeConflict = message<{ location: SourceLocation; line: string }>(
  {
    code: "suite/merge-conflict",
    verdict: "usage",
    explanation:
      "Git could not merge the file and left both sides in it. A suite can be merged by hand. A lock and its goldens belong together: take " +
      "both from one side, or merge the suite and record again.",
    example: { location: at, line: "<<<<<<< HEAD" },
  },
  ({ location, line }) => ({
    title: "The file holds an unresolved merge conflict.",
    location,
    found: quoted(line),
    expected: "one of the two sides",
    help: [
      "Resolve the conflict, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>.",
      "For a lock, take it and its goldens from one side, then record again.",
    ],
  }),
);

export const jsonSyntax = message<{ location: SourceLocation; expected: string; found: string }>(
  {
    code: "suite/json-syntax",
    verdict: "usage",
    explanation: "A line of a JSONL file must be one whole JSON object. The place named is where reading failed.",
    example: { location: at, expected: '"," or "}"', found: 'the end of the line after "prompt"' },
  },
  ({ location, expected, found }) => ({
    title: "The line is not valid JSON.",
    location,
    found,
    expected,
    help: ["Write each case as one JSON object on a line of its own; line breaks inside a text are written \\n."],
  }),
);

export const suiteFilesMessages = [
  suiteNotFound,
  fileNotRead,
  fileTooLarge,
  notUtf8,
  yamlSyntax,
  mergeConflict,
  jsonSyntax,
];
