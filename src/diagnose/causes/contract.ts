/** Cause `contract`: what is asked of the engine is not what was recorded. */
import type { CauseProbe } from "../diagnosis-input.ts";
import { idsOf } from "../measured-words.ts";

/** A change of the shared contract explains every open case; a change of a case's own contract explains that case. */
export const contract: CauseProbe = ({ contractChanges, caseContractChanges }, open) => {
  const changedCases = [...caseContractChanges].filter(([, changes]) => changes.length > 0);
  if (contractChanges.length === 0 && changedCases.length === 0) return null;
  const changedIds = changedCases.map(([id]) => id);
  return {
    sentence: "What is asked of the engine is not what was recorded, so another answer is to be expected.",
    evidence: [
      ...contractChanges,
      ...changedCases.flatMap(([id, changes]) => changes.map((change) => `${id}: ${change}`)),
    ],
    cases: contractChanges.length > 0 ? [...new Set([...idsOf(open), ...changedIds])] : changedIds,
  };
};
