/** Why the answers of a failed check cannot become goldens. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const whole = (file: string): SourceLocation => ({ file, line: null, column: null });
const listed = (ids: readonly string[]) =>
  `${ids.slice(0, 8).join(", ")}${ids.length > 8 ? `, and ${ids.length - 8} more` : ""}`;
const checkCommand = "inference-gate check --keep-going";
const checkWhole = `Check again so that every answer is whole: ${checkCommand}`;

export const noRunToAccept = message<{ file: string }>(
  {
    code: "accept/no-run",
    verdict: "usage",
    explanation:
      "`accept` takes the answers of a check that has been made: it reads the report of the last check beside the suite, or the one " +
      "that `--report` names.",
    example: { file: "inference-gate/.inference-gate/report.json" },
  },
  ({ file }) => ({
    title: "There is no report whose answers could be accepted.",
    location: whole(file),
    found: "no such file",
    expected: "the report of a check",
    help: [checkWhole, "Or name the report of another run: inference-gate accept --report <file or folder>"],
  }),
);

export const notACheck = message<{ file: string; found: string }>(
  {
    code: "accept/not-a-check",
    verdict: "usage",
    explanation: "Only a check has answers that differ from goldens. The report is that of another command.",
    example: { file: "report.json", found: "record" },
  },
  ({ file, found }) => ({
    title: "The report is not that of a check.",
    location: whole(file),
    found: `a report of ${quoted(found)}`,
    expected: "a report of `check`",
    help: [`Check, and let every answer come to its end: ${checkCommand}`],
  }),
);

export const otherRun = message<{ file: string; found: string; expected: string }>(
  {
    code: "accept/another-run",
    verdict: "usage",
    explanation:
      "Report and transcript must be of one run, of this suite, at the commit that is checked out, against the goldens that are here. " +
      "Something of it has moved since, so that what the check said does not hold for what would be written.",
    example: {
      file: "report.json",
      found: "a check at commit 1f2e3d4c5b6a",
      expected: "commit 0a1b2c3d4e5f, which is checked out",
    },
  },
  ({ file, found, expected }) => ({
    title: "The report does not belong to what is here.",
    location: whole(file),
    found,
    expected,
    help: ["Check out what was checked, or check again as it is now: inference-gate check --keep-going"],
  }),
);

export const runNotComplete = message<{ file: string; verdict: string }>(
  {
    code: "accept/run-not-complete",
    verdict: "usage",
    explanation:
      "The run gave no judgement: it could not run, was ended early, or lacks goldens. What it answered says nothing certain. Missing " +
      "goldens are recorded, not accepted: `inference-gate record --mode missing`.",
    example: { file: "report.json", verdict: "error" },
  },
  ({ file, verdict }) => ({
    title: "The run was not completed, so nothing of it can be accepted.",
    location: whole(file),
    found: `verdict ${verdict}`,
    expected: "drift or environment-changed",
    help: ["See what stopped it: inference-gate explain <report>", `Once that is mended, check again: ${checkCommand}`],
  }),
);

export const runUnstable = message<{ file: string; cases: readonly string[] }>(
  {
    code: "accept/unstable",
    verdict: "usage",
    explanation:
      "The engine disagreed with itself in this run. An answer that it would not give again is no golden: the next check would differ " +
      "from it by chance.",
    example: { file: "report.json", cases: ["essay"] },
  },
  ({ file, cases }) => ({
    title: "The engine disagrees with itself, so nothing of this run can be accepted.",
    location: whole(file),
    found: `two answers that differ: ${listed(cases)}`,
    expected: "the same answer each time a case is asked",
    help: [
      "What makes an engine disagree with itself: inference-gate explain unstable",
      `Once it is deterministic, check again: ${checkCommand}`,
    ],
  }),
);

export const answersCutShort = message<{ file: string; cases: readonly string[] }>(
  {
    code: "accept/cut-short",
    verdict: "usage",
    explanation:
      "By default a check stops a case where it has split from its golden, to save time. Such an answer has no end, and an answer cut " +
      "short is no golden.",
    example: { file: "transcript.jsonl", cases: ["essay", "poem"] },
  },
  ({ file, cases }) => ({
    title: "The check stopped where the cases split, so their answers have no end.",
    location: whole(file),
    found: `cut short: ${listed(cases)}`,
    expected: "whole answers",
    help: [checkWhole],
  }),
);

export const answersMissing = message<{ file: string; cases: readonly string[] }>(
  {
    code: "accept/answer-missing",
    verdict: "usage",
    explanation:
      "The transcript of the run does not hold the answers of these cases, or holds them only once, so that nobody knows whether the " +
      "engine would give them again. A resumed run keeps the answers it took over in the transcript of the earlier run.",
    example: { file: "transcript.jsonl", cases: ["essay"] },
  },
  ({ file, cases }) => ({
    title: "The transcript does not hold two answers of each case that differs.",
    location: whole(file),
    found: `too little of: ${listed(cases)}`,
    expected: "the answer, and a second one that agrees with it",
    help: [checkWhole],
  }),
);

export const contractMoved = message<{ file: string; cases: readonly string[] }>(
  {
    code: "accept/contract-moved",
    verdict: "usage",
    explanation:
      "The suite asks these cases otherwise than the run did: prompt, sampling, engine or model were changed since. The answers are " +
      "those to another question.",
    example: { file: "inference-gate/suite.yml", cases: ["essay"] },
  },
  ({ file, cases }) => ({
    title: "The suite has changed since the run.",
    location: whole(file),
    found: `asked otherwise now: ${listed(cases)}`,
    expected: "the suite as it was checked",
    help: [`Check the suite as it is now: ${checkCommand}`],
  }),
);

export const newGenerationNeeded = message<{ file: string; changes: readonly string[] }>(
  {
    code: "accept/new-generation-needed",
    verdict: "usage",
    explanation:
      "The run was made in another environment than the goldens, or with another engine, model or argument. Its answers beside the old " +
      "goldens would come from two different engines. A new environment is a new generation: all cases at once, and on purpose.",
    example: { file: "report.json", changes: ["engine version b4000 → b4001"] },
  },
  ({ file, changes }) => ({
    title: "The environment of the run differs from the lock, so this would be a new generation.",
    location: whole(file),
    found: changes.slice(0, 5).join("; "),
    expected: "the environment that the lock describes, or --new-generation",
    help: [
      'If that is wanted, take every case: inference-gate accept --new-generation --reason "…"',
      "If not, go back to the locked environment and check again.",
    ],
  }),
);

export const generationNotWhole = message<{ left: readonly string[] }>(
  {
    code: "accept/generation-not-whole",
    verdict: "usage",
    explanation:
      "A new generation takes the answers of all cases, or of none: old goldens beside new ones would be of two engines.",
    example: { left: ["essay"] },
  },
  ({ left }) => ({
    title: "A new generation is whole or not at all.",
    found: `left out: ${listed(left)}`,
    expected: "every case",
    help: ["Leave --only out and take every case, or keep the goldens as they are."],
  }),
);

export const acceptReasonMissing = message<Record<string, never>>(
  {
    code: "accept/reason-missing",
    verdict: "usage",
    explanation:
      "Accepting replaces answers that somebody relied on. The reason is written into the lock beside the generation number, with the " +
      "run and the commit, for the person who later asks why the outputs changed.",
    example: {},
  },
  () => ({
    title: "Accepting needs a reason.",
    found: "no --reason",
    expected: "one sentence for the lock",
    help: ['Say why, for example: inference-gate accept --reason "prompt template 4 ends with a blank line"'],
  }),
);

export const acceptInCi = message<{ variable: string }>(
  {
    code: "accept/in-ci",
    verdict: "usage",
    explanation:
      "Accepting replaces what later checks trust. In CI nobody looks at the outputs first, so `accept` refuses there unless it is told " +
      "that this job is meant to accept (a workflow that opens a pull request with the new goldens, for example).",
    example: { variable: "CI" },
  },
  ({ variable }) => ({
    title: "Accepting in CI is refused unless it is asked for.",
    found: `the environment variable ${variable} is set`,
    expected: "a terminal, or --allow-ci",
    help: ["If this job is meant to accept, add --allow-ci, and have somebody review the goldens in a pull request."],
  }),
);

export const noTerminal = message<Record<string, never>>(
  {
    code: "accept/no-terminal",
    verdict: "usage",
    explanation:
      "`--interactive` shows each difference and asks. There is nobody to ask when input or output is not a terminal.",
    example: {},
  },
  () => ({
    title: "--interactive needs a terminal.",
    found: "input or output that is no terminal",
    expected: "a terminal on both sides",
    help: ["Name the cases instead: inference-gate accept --only <case> …"],
  }),
);

export const acceptMessages = [
  noRunToAccept,
  notACheck,
  otherRun,
  runNotComplete,
  runUnstable,
  answersCutShort,
  answersMissing,
  contractMoved,
  newGenerationNeeded,
  generationNotWhole,
  acceptReasonMissing,
  acceptInCi,
  noTerminal,
];
