/** Cause `weights`: already the first output position, which depends on the prompt and the weights only, has clearly other probabilities. */
import type { Comparison } from "../../model/comparison.ts";
import type { CauseProbe, DiagnosisInput } from "../diagnosis-input.ts";
import { count, idsOf, median, nats } from "../measured-words.ts";
import { splitEvidence } from "../split-evidence.ts";
import { roundingNats } from "../thresholds.ts";

/** Fires when position 0 differs in every comparable case, the matching ones included, and by more than rounding in the middle one. */
export const weights: CauseProbe = (input, open) => {
  const deltas = comparable(input).flatMap((one) => firstPositionDelta(one) ?? []);
  const middle = median(deltas);
  if (open.length === 0 || !deltas.every((delta) => delta > 0) || !(middle > roundingNats)) return null;
  return {
    sentence:
      "The first output position already has clearly other probabilities in every case that can be compared: most likely the weights, their quantisation, the dtype or the model revision changed.",
    evidence: [
      `position 0 differs in ${deltas.length} of ${count(deltas.length, "comparable case")}: median ${nats(middle)}, greatest ${nats(Math.max(...deltas))}, least ${nats(Math.min(...deltas))}`,
      `rounding explains up to ${nats(roundingNats)}`,
    ],
    cases: idsOf(open),
  };
};

const comparable = ({ comparisons, unstableCases, caseContractChanges }: DiagnosisInput) =>
  comparisons.filter(
    (one) =>
      one.promptEqual !== false &&
      !unstableCases.includes(one.caseId) &&
      (caseContractChanges.get(one.caseId) ?? []).length === 0,
  );

/** In nats, of one and the same token: the chosen one, or where the choice already differs the most likely one. */
function firstPositionDelta(one: Comparison): number | null {
  if (one.unit !== "tokens") return null;
  return one.commonPrefix > 0 ? (one.logprobDrift?.atFirst ?? null) : (splitEvidence(one)?.bestDelta ?? null);
}
