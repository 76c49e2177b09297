/** Cause `stop-condition`: one output ends where the other goes on, or both end for different reasons. */
import type { Comparison } from "../../model/comparison.ts";
import type { CauseProbe } from "../diagnosis-input.ts";
import { idsOf, perCase } from "../measured-words.ts";
import { splitEvidence } from "../split-evidence.ts";
import { roundingNats } from "../thresholds.ts";

export const stopCondition: CauseProbe = (_input, open) => {
  const cases = open.filter(hasOtherEnd);
  if (cases.length === 0) return null;
  return {
    sentence:
      "The outputs are equal but end differently: look at end-of-sequence handling, stop strings, stop token ids, max_tokens and the context length.",
    evidence: perCase(cases, inWords),
    cases: idsOf(cases),
  };
};

/** An output cut short by the gate has no end of its own; probabilities far apart speak of more than an end. */
function hasOtherEnd(one: Comparison): boolean {
  if (one.divergence?.kind === "finish-reason") return one.divergence.actual.text !== "abort";
  return one.divergence?.kind === "length" && (splitEvidence(one)?.meanAbs ?? 0) <= roundingNats;
}

function inWords({ divergence, expectedLength, actualLength, unit }: Comparison): string {
  return divergence?.kind === "finish-reason"
    ? `recorded finish reason ${divergence.expected.text}, now ${divergence.actual.text}, after ${actualLength} ${unit}`
    : `recorded ${expectedLength} ${unit}, now ${actualLength}, equal up to the shorter end`;
}
