/** What tier `close` forgives: small log-probability differences, and a split where two tokens were nearly as likely. */
import type { ComparePolicy } from "../model/case.ts";
import type { Pair } from "./common-prefix.ts";
import { beyondToleranceAt } from "./logprob-drift.ts";

/** True when everything before the split at token `index` is within tolerance and a side's margin there is a near tie. */
export function isForgivenSplit(pair: Pair, index: number, policy: ComparePolicy): boolean {
  return (
    pair.actual.finishReason !== "abort" &&
    beyondToleranceAt(pair, index, policy.maxLogprobDelta) === null &&
    (isNearTie(pair.expected.margins?.[index], policy) || isNearTie(pair.actual.margins?.[index], policy))
  );
}

/** True when a margin is known and at most `nearTie` nats, whichever token was chosen. */
export function isNearTie(margin: number | null | undefined, policy: ComparePolicy): boolean {
  return margin !== null && margin !== undefined && Math.abs(margin) <= policy.nearTie;
}
