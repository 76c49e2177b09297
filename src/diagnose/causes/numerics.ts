/** Cause `numerics`: probabilities differ as little as rounding does, and that was enough to tip a choice. */
import type { Comparison } from "../../model/comparison.ts";
import type { CauseProbe } from "../diagnosis-input.ts";
import { changeInWords, idsOf, nats, perCase } from "../measured-words.ts";
import { beforeSplit, type SplitEvidence, splitEvidence } from "../split-evidence.ts";
import { floatRoundingNats, nearTieNats, roundingNats } from "../thresholds.ts";

export const numerics: CauseProbe = ({ environmentChanges }, open) => {
  const cases = open.filter((one) => isTippedByRounding(splitEvidence(one)));
  if (cases.length === 0) return null;
  const noted = environmentChanges.filter((change) => change.weight === "noted");
  return {
    sentence:
      "Log-probabilities differ as little as rounding does, and that tipped a close choice: most likely other kernels, libraries, driver, thread count or batch shape.",
    evidence: [
      ...perCase(cases, inWords),
      ...noted.toSorted((a, b) => a.rank - b.rank).map((change) => `also changed: ${changeInWords(change)}`),
    ],
    cases: idsOf(cases),
  };
};

/** A small difference was measured, before the split or at it, and the choice was a near tie or a draw. */
function isTippedByRounding(split: SplitEvidence | null): boolean {
  if (split === null) return false;
  const isMeasured = split.differing > 0 || (split.bestDelta ?? 0) > floatRoundingNats;
  const isSmall = split.meanAbs <= roundingNats && (split.bestDelta ?? 0) <= nearTieNats;
  const isCloseChoice = (split.margin !== null && split.margin <= nearTieNats) || split.isDrawn === true;
  return isMeasured && isSmall && isCloseChoice;
}

function inWords(one: Comparison): string {
  const split = splitEvidence(one);
  if (split === null) return "";
  const margin = split.margin === null ? "" : `; margin at the split ${nats(split.margin)}`;
  return `${beforeSplit(split)}${margin}${split.isDrawn === true ? ", where a less likely token was drawn" : ""}`;
}
