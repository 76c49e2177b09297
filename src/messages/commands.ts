/** What the verbs of the command line refuse, and what they found missing. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";

const suite: SourceLocation = { file: "inference-gate/suite.yml", line: 14, column: 5 };
const whole = (file: string): SourceLocation => ({ file, line: null, column: null });

export const noGoldensYet = message<{ lockPath: string }>(
  {
    code: "commands/no-goldens-yet",
    verdict: "usage",
    explanation:
      "A check compares with goldens, and none have been recorded: the lock file that `record` writes is not there. " +
      "Record on the hardware that the check shall run on, look at the goldens, and commit them with the lock.",
    example: { lockPath: "inference-gate/suite.lock.yml" },
  },
  ({ lockPath }) => ({
    title: "Nothing has been recorded for this suite yet.",
    location: whole(lockPath),
    found: "no lock file",
    expected: "the lock file that `inference-gate record` writes",
    help: ["Record goldens on this hardware: inference-gate record", "Then commit the lock and the goldens folder."],
  }),
);

export const refusedInCi = message<{ variable: string }>(
  {
    code: "commands/record-in-ci",
    verdict: "usage",
    explanation:
      "Recording replaces what later checks trust. In CI nobody looks at the outputs first, so `record` refuses there unless it " +
      "is told that this job is meant to record (a re-record workflow that opens a pull request, for example).",
    example: { variable: "CI" },
  },
  ({ variable }) => ({
    title: "Recording in CI is refused unless it is asked for.",
    found: `the environment variable ${variable} is set`,
    expected: "a terminal, or --allow-ci",
    help: [
      "If this job is meant to record, add --allow-ci, and have somebody review the goldens it writes.",
      "Otherwise record on the machine itself and commit the result.",
    ],
  }),
);

export const reasonMissing = message<{ generation: number }>(
  {
    code: "commands/reason-missing",
    verdict: "usage",
    explanation:
      "Every generation after the first replaces answers that somebody relied on. The reason is written into the lock beside the " +
      "generation number, for the person who later asks why the outputs changed.",
    example: { generation: 2 },
  },
  ({ generation }) => ({
    title: `Generation ${generation} needs a reason.`,
    found: "no --reason",
    expected: "one sentence for the lock",
    help: ['Say why, for example: inference-gate record --reason "vLLM 0.32, new attention kernels"'],
  }),
);

export const noCaseMatches = message<{
  option: "--cases" | "--only";
  filters: readonly string[];
  known: readonly string[];
  file: string;
}>(
  {
    code: "commands/no-case-matches",
    verdict: "usage",
    explanation:
      "`--cases` names the cases to run, and `--only` of accept those to take, by id or with `*`. A filter that matches nothing would check nothing.",
    example: { option: "--cases", filters: ["intr"], known: ["intro", "essay"], file: "inference-gate/suite.yml" },
  },
  ({ option, filters, known, file }) => ({
    title: `No case matches ${filters.map((filter) => JSON.stringify(filter)).join(", ")}.`,
    location: whole(file),
    found: `${known.length} cases: ${known.slice(0, 8).join(", ")}${known.length > 8 ? ", …" : ""}`,
    expected: "an id of the suite, or a pattern such as `essay-*`",
    help: [`Correct ${option}, or leave it out to take every case.`],
  }),
);

export const goldenMissing = message<{ caseId: string; source: SourceLocation; hardwareClass: string }>(
  {
    code: "commands/golden-missing",
    verdict: "error",
    explanation:
      "The suite has a case that was never recorded on this hardware class, so there is nothing to compare with. A case without " +
      "a golden is a failure: it would otherwise pass for ever.",
    example: { caseId: "essay", source: suite, hardwareClass: "cc9.0-sm132-x1" },
  },
  ({ caseId, source, hardwareClass }) => ({
    title: `Case ${caseId} has no golden for hardware class ${hardwareClass}.`,
    location: source,
    found: "no golden",
    expected: "a golden recorded on this hardware class",
    help: ["Record it: inference-gate record --mode missing"],
  }),
);

export const goldenObsolete = message<{ caseId: string; golden: string }>(
  {
    code: "commands/golden-obsolete",
    verdict: "error",
    explanation:
      "A golden has no case in the suite any more: the case was removed or renamed without re-recording. It fails the check so " +
      "that a case cannot disappear unseen.",
    example: { caseId: "old-essay", golden: "inference-gate/goldens/cc9.0-sm132-x1/old-essay.json" },
  },
  ({ caseId, golden }) => ({
    title: `The golden of ${caseId} has no case in the suite.`,
    location: whole(golden),
    found: "a golden without a case",
    expected: "one case for each golden",
    help: [
      "If the case was removed on purpose: inference-gate record --mode changed",
      "If not, put the case back into the suite.",
    ],
  }),
);

export const unstableAtRecord = message<{
  caseId: string;
  source: SourceLocation;
  repeat: string;
  position: string;
}>(
  {
    code: "commands/unstable-case",
    verdict: "error",
    explanation:
      "Repeats of the same request to the same engine gave different answers, so no golden can be trusted and none was written for " +
      "this case. Make the engine deterministic first: one request at a time, a fixed seed, prefix caching and auto-tuning off; " +
      "see docs/engines.md.",
    example: { caseId: "essay", source: suite, repeat: "launch 2, repeat 1", position: "output token 57" },
  },
  ({ caseId, source, repeat, position }) => ({
    title: `Case ${caseId} is unstable: repeats disagree.`,
    location: source,
    found: `${repeat} parts from the first answer at ${position}`,
    expected: "the same answer from every repeat of every launch",
    help: ["Make the engine deterministic (docs/engines.md says how for each engine), then record again."],
  }),
);

export const environmentMoved = message<{ launch: number; changes: readonly string[] }>(
  {
    code: "commands/environment-moved",
    verdict: "error",
    explanation:
      "The environment that was measured differs between two launches of one recording: somebody replaced the model, the engine or " +
      "its settings meanwhile. Nothing was written.",
    example: { launch: 2, changes: ["engine version b4000 → b4001"] },
  },
  ({ launch, changes }) => ({
    title: `The environment changed between launch 1 and launch ${launch}.`,
    found: changes.join("; "),
    expected: "the same environment in every launch",
    help: ["Make sure that nobody changes engine or model during a recording, then record again."],
  }),
);

export const wouldMixGenerations = message<{ mode: string; changes: readonly string[]; lockPath: string }>(
  {
    code: "commands/would-mix-generations",
    verdict: "error",
    explanation:
      "The environment or the part of the contract that all cases share differs from the lock. New goldens beside old ones would " +
      "come from two different engines. A new environment is a new generation, recorded whole.",
    example: { mode: "missing", changes: ["engine version b4000 → b4001"], lockPath: "inference-gate/suite.lock.yml" },
  },
  ({ mode, changes, lockPath }) => ({
    title: `--mode ${mode} would mix two generations.`,
    location: whole(lockPath),
    found: changes.join("; "),
    expected: "the environment that the lock describes, or a whole new generation",
    help: [
      'Record everything anew: inference-gate record --mode all --reason "…"',
      "Or go back to the locked environment.",
    ],
  }),
);

export const generationIncomplete = message<{ failing: number; cases: number }>(
  {
    code: "commands/generation-incomplete",
    verdict: "error",
    explanation:
      "The environment is new, so every golden must be re-recorded, and some cases could not be. A new generation is written whole " +
      "or not at all: the old goldens are untouched.",
    example: { failing: 1, cases: 12 },
  },
  ({ failing, cases }) => ({
    title: `A new generation is whole or not at all: ${failing} of ${cases} cases could not be recorded.`,
    found: "nothing was written",
    expected: "a stable answer for every case",
    help: ["Make the cases named above stable, or remove them from the suite, then record again."],
  }),
);

export const wouldOverwrite = message<{ files: readonly string[] }>(
  {
    code: "commands/would-overwrite",
    verdict: "usage",
    explanation:
      "`init` writes new files only. It stops before the first one when any of them exists, so nothing is half-written.",
    example: { files: ["inference-gate/suite.yml"] },
  },
  ({ files }) => ({
    title: "init would overwrite files, so it wrote nothing.",
    location: whole(files[0] ?? "."),
    found: files.join(", "),
    expected: "none of these files to exist",
    help: ["Move the files away, or choose another folder: inference-gate init --folder <folder>"],
  }),
);

export const nothingToExplain = message<{ target: string; codes: readonly string[] }>(
  {
    code: "commands/nothing-to-explain",
    verdict: "usage",
    explanation:
      "`explain` takes the id of a case, a problem code such as `suite/unknown-field`, a verdict, an exit code, or a report file.",
    example: { target: "intr", codes: ["suite/unknown-field"] },
  },
  ({ target, codes }) => ({
    title: `${JSON.stringify(target.slice(0, 80))} is no case, problem code, verdict, exit code or report file.`,
    found: JSON.stringify(target.slice(0, 80)),
    expected: "a case id of the suite, a code, or the path of a report",
    help: [
      codes.length === 0
        ? "Codes stand in square brackets behind a problem's title."
        : `Did you mean ${codes.join(" or ")}?`,
      "Name the suite with --suite when it is not inference-gate/suite.yml.",
    ],
  }),
);

export const noPageOf = message<{ target: string }>(
  {
    code: "commands/no-page",
    verdict: "usage",
    explanation:
      "`explain --html` writes the page of a run: of a report file, or of a case in the last run. A verdict, an exit code or a problem " +
      "code is about no run, and a case that was not run since it was written has none to show.",
    example: { target: "drift" },
  },
  ({ target }) => ({
    title: `There is no run to show of ${JSON.stringify(target.slice(0, 80))}.`,
    found: JSON.stringify(target.slice(0, 80)),
    expected: "the path of a report, or a case of the last run",
    help: [
      "Run a check and write its page at once: inference-gate check --html report.html",
      "Or name the report: inference-gate explain inference-gate/.inference-gate/report.json --html report.html",
    ],
  }),
);

export const badOption = message<{ option: string; found: string; expected: string }>(
  {
    code: "commands/bad-option",
    verdict: "usage",
    explanation:
      "A command line option has a value that it cannot take. `--help` of the command lists what each option takes.",
    example: { option: "--mode", found: "sometimes", expected: "missing, changed or all" },
  },
  ({ option, found, expected }) => ({
    title: `${option} cannot take ${JSON.stringify(found.slice(0, 80))}.`,
    found: JSON.stringify(found.slice(0, 80)),
    expected,
    help: ["See: inference-gate --help"],
  }),
);

export const fileNotWritten = message<{ file: string; why: string }>(
  {
    code: "commands/file-not-written",
    verdict: "error",
    explanation:
      "A result file could not be written. What was there before is untouched: files are replaced whole or not at all.",
    example: { file: "report.json", why: "ENOSPC: no space left on device" },
  },
  ({ file, why }) => ({
    title: `${file} could not be written.`,
    location: whole(file),
    found: why,
    expected: "a writable place with room",
    help: ["Free space or correct the permissions, then run again."],
  }),
);

export const unexpected = message<{ what: string }>(
  {
    code: "commands/unexpected",
    verdict: "error",
    explanation:
      "Inference Gate itself failed in a way that nobody foresaw. That is a defect of ours. The run has no verdict and counts as failed.",
    example: { what: "TypeError: x is not a function" },
  },
  ({ what }) => ({
    title: "Inference Gate failed unexpectedly: this is a defect of ours.",
    found: what,
    expected: "a verdict",
    help: [
      "Run it again with INFERENCE_GATE_DEBUG=1 to see where it happened.",
      "Please report it with the command and this message.",
    ],
  }),
);

export const commandsMessages = [
  noGoldensYet,
  refusedInCi,
  reasonMissing,
  noCaseMatches,
  goldenMissing,
  goldenObsolete,
  unstableAtRecord,
  environmentMoved,
  wouldMixGenerations,
  generationIncomplete,
  wouldOverwrite,
  nothingToExplain,
  noPageOf,
  badOption,
  fileNotWritten,
  unexpected,
];
