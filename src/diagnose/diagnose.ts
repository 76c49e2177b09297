/** Names the causes of a run's differences, in the order in which they must be ruled out, each with its evidence. */
import type { Comparison } from "../model/comparison.ts";
import { causes, type Diagnosis } from "../model/diagnosis.ts";
import { contract } from "./causes/contract.ts";
import { detokenizer } from "./causes/detokenizer.ts";
import { environment } from "./causes/environment.ts";
import { numerics } from "./causes/numerics.ts";
import { sampler } from "./causes/sampler.ts";
import { silentDrift } from "./causes/silent-drift.ts";
import { stopCondition } from "./causes/stop-condition.ts";
import { tokenizer } from "./causes/tokenizer.ts";
import { unknown } from "./causes/unknown.ts";
import { unstableEngine } from "./causes/unstable-engine.ts";
import { weights } from "./causes/weights.ts";
import type { CauseProbes, DiagnosisInput } from "./diagnosis-input.ts";

const probes = {
  environment,
  contract,
  tokenizer,
  "unstable-engine": unstableEngine,
  weights,
  sampler,
  numerics,
  "stop-condition": stopCondition,
  detokenizer,
  "silent-drift": silentDrift,
  unknown,
} as const satisfies CauseProbes;

/**
 * Ranked: an earlier cause makes the later ones unreadable, so every differing case is explained by the first that holds.
 * Empty when nothing differs. A changed environment or contract is named even when every output is equal.
 */
export function diagnose(input: DiagnosisInput): readonly Diagnosis[] {
  let open = input.comparisons.filter(differs);
  return causes.flatMap((cause): Diagnosis[] => {
    const finding = probes[cause](input, open);
    if (finding === null) return [];
    const explained = new Set(finding.cases);
    open = open.filter((one) => !explained.has(one.caseId));
    return [{ cause, ...finding }];
  });
}

const differs = ({ divergence, logprobDrift }: Comparison) =>
  divergence !== null || (logprobDrift !== null && logprobDrift.differing > 0);
