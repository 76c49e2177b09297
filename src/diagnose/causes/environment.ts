/** Cause `environment`: host, engine or model are not those of the lock, which explains a difference, whoever changed them. */
import { changeKinds } from "../../model/change-kinds.ts";
import type { CauseProbe } from "../diagnosis-input.ts";
import { atMost, changeInWords, idsOf } from "../measured-words.ts";

/** Changes named; the report lists all of them by group. */
const mostEvidence = 6;

export const environment: CauseProbe = ({ environmentChanges }, open) => {
  const breaking = environmentChanges.filter((change) => change.weight === "breaking");
  if (breaking.length === 0) return null;
  return {
    sentence:
      `What the goldens were recorded with has changed (${changeKinds(breaking).join(", ")}), which explains a difference. ` +
      "Where this change means it, record anew; where it does not, take it back; where nobody touched it, the machine or its image has changed.",
    evidence: atMost(breaking.toSorted((a, b) => a.rank - b.rank).map(changeInWords), mostEvidence),
    cases: idsOf(open),
  };
};
