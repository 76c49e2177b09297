/** The rules of our SARIF: one for each verdict that is no match, and one for each cause of a drift. */
import type { Cause } from "../../model/diagnosis.ts";
import type { CaseVerdict, RunVerdict } from "../../model/verdict.ts";

export type SarifRuleId =
  | Exclude<CaseVerdict, "match" | "close" | "drift">
  | Exclude<RunVerdict, "match" | "drift">
  | `drift/${Cause}`;

export interface SarifRule {
  readonly id: SarifRuleId;
  readonly short: string;
  readonly help: string;
}

const again = "`inference-gate explain <case>` shows a case in full.";
const accept =
  'If the change is wanted, record a new generation and review it: `inference-gate record --mode all --reason "…"`.';

const driftCauses: { readonly [cause in Cause]: readonly [short: string, look: string] } = {
  environment: ["the environment changed", "Go back to the locked environment, or record on the new one."],
  contract: ["what is asked was changed", "Compare sampling, arguments and prompt with the lock."],
  tokenizer: ["the prompt was tokenised otherwise", "Compare tokenizer files, chat template and special tokens."],
  "unstable-engine": ["the engine disagrees with itself", "Make the engine deterministic; docs/engines.md says how."],
  weights: [
    "weights, quantisation, dtype or revision differ",
    "Compare the digests of the model's files with the lock.",
  ],
  sampler: ["the sampler chose otherwise", "Compare sampler settings, seed and engine version."],
  numerics: ["small numeric differences flipped a near tie", "Compare kernels, libraries, driver and batch shape."],
  "stop-condition": ["the output ends elsewhere", "Compare stop strings, end-of-sequence tokens and limits."],
  detokenizer: ["the same tokens gave another text", "Compare the tokenizer files and the engine's version."],
  "silent-drift": ["log-probabilities differ, tokens do not", "A token may flip next; look for what changed."],
  unknown: ["the cause is not known", "The evidence says what was seen and what to look at next."],
};

const verdictRules: { readonly [id in Exclude<SarifRuleId, `drift/${Cause}`>]: readonly [string, string] } = {
  unstable: [
    "The engine disagrees with itself",
    "The same request gave two answers, so there is no verdict on the change. Make the engine deterministic, then check again.",
  ],
  missing: ["A case has no golden", 'Record it: `inference-gate record --mode missing --reason "…"`.'],
  obsolete: [
    "A golden has no case",
    'Put the case back, or remove the golden: `inference-gate record --mode changed --reason "…"`.',
  ],
  error: ["The check could not run", "There is no verdict on the change. Read the problem and check again."],
  usage: ["Suite, lock, golden or option is not valid", "Nothing ran. Mend what is named, then check again."],
  "environment-changed": [
    "What runs is not what was recorded",
    `Outputs cannot be expected to agree. Go back to the locked environment. ${accept}`,
  ],
};

/** All of them, in a fixed order. */
export const sarifRules: readonly SarifRule[] = [
  ...entries(driftCauses).map(([cause, [short, look]]) => ({
    id: `drift/${cause}` as const,
    short: `An output differs from its golden: ${short}`,
    help: `${look} ${again} ${accept}`,
  })),
  ...entries(verdictRules).map(([id, [short, help]]) => ({ id, short, help })),
];

function entries<Key extends string, Value>(record: { readonly [key in Key]: Value }): readonly [Key, Value][] {
  return Object.entries(record) as [Key, Value][];
}
