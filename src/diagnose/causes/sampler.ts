/** Cause `sampler`: the same probabilities, another choice. */
import type { Comparison } from "../../model/comparison.ts";
import type { CauseProbe } from "../diagnosis-input.ts";
import { count, idsOf, nats, perCase } from "../measured-words.ts";
import { type SplitEvidence, splitEvidence } from "../split-evidence.ts";
import { floatRoundingNats } from "../thresholds.ts";

export const sampler: CauseProbe = (_input, open) => {
  const cases = open.filter((one) => one.divergence?.kind === "token" && isOtherChoice(splitEvidence(one)));
  if (cases.length === 0) return null;
  return {
    sentence:
      "The probabilities are the same up to the split but another token was chosen: the sampler, its settings, the seed or its random numbers changed.",
    evidence: perCase(cases, inWords),
    cases: idsOf(cases),
  };
};

/** Needs equal bits before the split or an equal best token at it, nothing against either, and no two different best tokens. */
function isOtherChoice(split: SplitEvidence | null): boolean {
  if (split === null || split.differing > 0 || split.isDrawn === false) return false;
  return split.bestDelta === null ? split.positions > 0 : split.bestDelta <= floatRoundingNats;
}

function inWords(one: Comparison): string {
  const split = splitEvidence(one);
  const before = `${count(split?.positions ?? 0, "log-probability", "log-probabilities")} before token ${split?.index} equal in every bit`;
  return split === null || split.bestDelta === null
    ? before
    : `${before}; the most likely token there differs by ${nats(split.bestDelta)}`;
}
