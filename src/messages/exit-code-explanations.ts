/** What each verdict and exit code means and what to do then, for `inference-gate explain 5` and `explain drift`. */
import { type CaseVerdict, caseVerdicts, exitCodes, type RunVerdict, runVerdicts } from "../model/verdict.ts";

/** Paragraphs and steps, one a line. */
const ofRuns = {
  match: [
    "Every case equals its golden on the tier that the suite asks for, or lies within its tolerance (tier close).",
    "",
    "There is nothing to do.",
  ],
  drift: [
    "An output differs from its golden, and neither a changed environment nor an engine that disagrees with itself explains it.",
    "Whatever was changed since the goldens were recorded changes what the model answers.",
    "",
    "What to do:",
    "  1. Read the likely cause and its evidence in the report, then the first differing case: inference-gate explain <case>",
    "  2. If the change is not wanted, take it back and check again.",
    '  3. If it is wanted, record a new generation and review its diff: inference-gate record --mode all --reason "…"',
  ],
  usage: [
    "The suite, the lock, a golden or an option is not valid. Nothing ran: no engine was started and no file was written.",
    "",
    "What to do:",
    "  1. Mend every mistake that the report lists; each has its file, line and column, and all of them are told at once.",
    "  2. For more about one: inference-gate explain <code>, with the code in square brackets behind its title.",
  ],
  error: [
    "The run could not be completed, so there is no verdict on the change: the engine did not start, crashed, fell silent or answered",
    "with something that is no completion; or a case has no golden, or a golden has no case. This is never a success.",
    "",
    "What to do:",
    "  1. Read the problem and, where there is one, the end of the engine's log.",
    '  2. A case without a golden: inference-gate record --mode missing --reason "…"',
    '  3. A golden without a case: put the case back, or remove the golden: inference-gate record --mode changed --reason "…"',
    "  4. After a run that was cut off, go on where it stopped: inference-gate check --resume <transcript>",
  ],
  unstable: [
    "The engine disagrees with itself: the same request to the same engine gave different answers. A comparison with a golden would",
    "tell nothing about the change, so there is no verdict on it. `record` writes no golden for such a case.",
    "",
    "What makes an engine disagree with itself, most often first:",
    "  1. Requests of others in the same batch: let the engine serve one request at a time.",
    "  2. A prompt cache that is reused: switch prefix and prompt caching off.",
    "  3. Kernels that are chosen by measuring (autotuning), or captured graphs: switch them off.",
    "  4. A seed that is not fixed, for the engine or for the request.",
    "  5. A number of threads that changes from start to start.",
    "Then record again, or check again.",
  ],
  "environment-changed": [
    "What runs is not what the goldens were recorded on: the engine, the model, the hardware class, the driver (where the suite is",
    "strict about it), the settings that all cases share, or what a case asks. Outputs cannot be expected to agree, so a difference",
    "says nothing about the rest of the change, and equal outputs may be luck.",
    "",
    "What to do:",
    "  1. Read what changed: breaking changes are marked with an exclamation mark.",
    "  2. If it is not wanted, go back to the locked environment and check again.",
    '  3. If it is wanted, record a new generation and review it: inference-gate record --mode all --reason "…"',
    '  4. If only single cases were changed, record those: inference-gate record --mode changed --reason "…"',
  ],
} as const satisfies Record<RunVerdict, readonly string[]>;

const ofCases = {
  match: ["The completion equals its golden on the tier asked for."],
  close: [
    "The completion is not equal to its golden but within the tolerance of tier close: log-probabilities moved a little, or the output",
    "parted at a near tie. The run still counts as a match.",
  ],
  drift: ["The completion differs from its golden."],
  unstable: ["The engine, asked the same again, disagreed with itself: the case gives no verdict on the change."],
  missing: ['The case has no golden on this hardware class: inference-gate record --mode missing --reason "…"'],
  obsolete: [
    "The golden has no case in the suite any more: put the case back, or remove the golden:",
    'inference-gate record --mode changed --reason "…"',
  ],
  error: ["The case could not be completed, or its answer is none. Its problem tells why."],
} as const satisfies Record<CaseVerdict, readonly string[]>;

/** Lines about an exit code (`0` to `5`) or a verdict of a run or a case; null for anything else. */
export function exitCodeExplanation(target: string): readonly string[] | null {
  const run = runVerdicts.find((verdict) => verdict === target || String(exitCodes[verdict]) === target);
  if (run !== undefined) return [`${run}: exit code ${exitCodes[run]}`, "", ...ofRuns[run]];
  const one = caseVerdicts.find((verdict) => verdict === target);
  return one === undefined ? null : [`${one}: verdict of a case`, "", ...ofCases[one]];
}
