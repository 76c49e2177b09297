/** Cause `silent-drift`: the tokens are the same, their log-probabilities are not. */
import type { Comparison } from "../../model/comparison.ts";
import type { CauseProbe } from "../diagnosis-input.ts";
import { idsOf, nats, perCase } from "../measured-words.ts";

export const silentDrift: CauseProbe = (_input, open) => {
  const cases = open.filter(hasDrifted);
  if (cases.length === 0) return null;
  return {
    sentence: "The tokens are the same but their log-probabilities are not: no token has flipped yet.",
    evidence: perCase(cases, inWords),
    cases: idsOf(cases),
  };
};

function hasDrifted({ divergence, logprobDrift }: Comparison): boolean {
  const isSameOutput = divergence === null || divergence.kind === "logprob";
  return isSameOutput && logprobDrift !== null && logprobDrift.differing > 0;
}

function inWords({ logprobDrift: drift }: Comparison): string {
  if (drift === null) return "";
  return `${drift.differing} of ${drift.positions} positions differ, first at token ${drift.firstIndex}, by ${nats(drift.meanAbs)} on average and ${nats(drift.maxAbs)} at most`;
}
