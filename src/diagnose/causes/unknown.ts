/** Cause `unknown`: what is known does not tell; it says what would. */
import type { Comparison } from "../../model/comparison.ts";
import type { CauseProbe } from "../diagnosis-input.ts";
import { changeInWords, idsOf, nats, perCase } from "../measured-words.ts";
import { beforeSplit, splitEvidence } from "../split-evidence.ts";

export const unknown: CauseProbe = ({ environmentChanges }, open) => {
  const cases = open.filter((one) => one.divergence !== null);
  if (cases.length === 0) return null;
  return {
    sentence: "What was measured does not tell the cause; each line says what was seen and what to look at next.",
    evidence: [
      ...perCase(cases, whatToLookAt),
      ...environmentChanges.map((change) => `also changed: ${changeInWords(change)}`),
    ],
    cases: idsOf(cases),
  };
};

function whatToLookAt(one: Comparison): string {
  const { divergence, logprobDrift } = one;
  if (divergence === null) return "";
  if (divergence.kind === "output") return "the output digest differs: compare what the program wrote in both runs";
  if (divergence.kind === "finish-reason")
    return "the completion was cut short: run the check again, with --keep-going";
  if (divergence.kind === "logprob") {
    return "log-probabilities are missing on one side or differ in the margins only: look at the engine's logprobs setting";
  }
  if (divergence.textOffset === null) {
    return "a redacted golden keeps no text and no numbers: record this case without redaction where that is allowed";
  }
  if (one.unit === "characters") {
    return "no token ids to compare: use an engine that returns them and a tier that asks for them";
  }
  if (logprobDrift === null || logprobDrift.positions === 0) {
    return "no log-probabilities to compare: set sampling.logprobs to 2, record again and check again";
  }
  const split = splitEvidence(one);
  if (split === null) return `the ${divergence.kind} differs in a way that no known cause explains`;
  const margin = split.margin === null ? "unknown" : nats(split.margin);
  return `${beforeSplit(split)}, margin at the split ${margin}: fits neither rounding nor another draw; look at weights, sampling penalties and caches`;
}
