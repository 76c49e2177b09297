/** Cause `environment`: host, engine or model are not those of the lock, so no difference can be laid at the change's door. */
import type { CauseProbe } from "../diagnosis-input.ts";
import { atMost, changeInWords, idsOf } from "../measured-words.ts";

/** Changes named; the report lists all of them by group. */
const mostEvidence = 6;

export const environment: CauseProbe = ({ environmentChanges }, open) => {
  const breaking = environmentChanges.filter((change) => change.weight === "breaking");
  if (breaking.length === 0) return null;
  return {
    sentence:
      "The environment is not the one in which the goldens were recorded, so a difference says nothing about the change under test.",
    evidence: atMost(breaking.toSorted((a, b) => a.rank - b.rank).map(changeInWords), mostEvidence),
    cases: idsOf(open),
  };
};
