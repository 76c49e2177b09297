/** Cause `unstable-engine`: repeats of one case in this run differ from each other. */
import type { CauseProbe } from "../diagnosis-input.ts";
import { atMost, count } from "../measured-words.ts";

export const unstableEngine: CauseProbe = ({ unstableCases, comparisons }) => {
  if (unstableCases.length === 0) return null;
  return {
    sentence: "The engine disagrees with itself in this run, so these cases give no verdict on the change.",
    evidence: [
      `${unstableCases.length} of ${count(Math.max(comparisons.length, unstableCases.length), "case")} answered differently when asked again in this run`,
      ...atMost(
        comparisons
          .filter((one) => unstableCases.includes(one.caseId))
          .map(
            (one) => `${one.caseId}: equal to the golden for ${one.commonPrefix} of ${one.expectedLength} ${one.unit}`,
          ),
        5,
      ),
    ],
    cases: unstableCases,
  };
};
