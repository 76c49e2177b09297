/** What is known of the numbers before a split and at it. */
import type { Comparison, DivergenceSide } from "../model/comparison.ts";
import { nats } from "./measured-words.ts";

export interface SplitEvidence {
  /** 0-based position of the first token that differs, or that only one side has. */
  readonly index: number;
  /** Positions before the split whose log-probability is known on both sides. */
  readonly positions: number;
  /** Of these, how many differ in any bit. */
  readonly differing: number;
  /** Mean absolute difference over these, in nats; 0 without positions. */
  readonly meanAbs: number;
  /** The smaller absolute margin of the two sides, in nats; null when neither is known. */
  readonly margin: number | null;
  /** Difference of the best token's log-probability at the split, in nats; null when a side does not tell. */
  readonly bestDelta: number | null;
  /** True when a side chose another token than its most likely one; null when a side does not tell. */
  readonly isDrawn: boolean | null;
}

/** How far the log-probabilities had moved before the split, such as `4 of 4 positions before token 4 differ, by 0.003 nats on average`. */
export function beforeSplit({ index, positions, differing, meanAbs }: SplitEvidence): string {
  if (index === 0) return "the very first token differs";
  if (positions === 0) return "no log-probability is known before the split";
  if (differing === 0) return `no log-probability before token ${index} differs`;
  return `${differing} of ${positions} positions before token ${index} differ, by ${nats(meanAbs)} on average`;
}

/** Null when the outputs do not part at a known token, or nothing is known of the log-probabilities. */
export function splitEvidence({ divergence, logprobDrift, unit }: Comparison): SplitEvidence | null {
  if (divergence === null || logprobDrift === null || unit !== "tokens") return null;
  const { kind, tokenIndex: index, expected, actual } = divergence;
  if ((kind !== "token" && kind !== "length") || index === null) return null;
  const atSplit =
    kind === "token" && expected.logprob !== null && actual.logprob !== null
      ? Math.abs(expected.logprob - actual.logprob)
      : null;
  const isSplitDiffering = atSplit !== null && (atSplit > 0 || logprobDrift.firstIndex === index);
  const positions = logprobDrift.positions - (atSplit === null ? 0 : 1);
  const differing = logprobDrift.differing - (isSplitDiffering ? 1 : 0);
  const sum = logprobDrift.meanAbs * logprobDrift.positions - (atSplit ?? 0);
  const [best, bestNow] = [bestLogprob(expected), bestLogprob(actual)];
  return {
    index,
    positions,
    differing,
    meanAbs: differing > 0 && positions > 0 ? Math.max(0, sum / positions) : 0,
    margin: smallest(expected.margin, actual.margin),
    bestDelta: best === null || bestNow === null ? null : Math.abs(best - bestNow),
    isDrawn: expected.margin === null || actual.margin === null ? null : expected.margin < 0 || actual.margin < 0,
  };
}

/** Log-probability of the most likely token: the chosen one's, or further up by what it is behind. */
function bestLogprob({ logprob, margin }: DivergenceSide): number | null {
  return logprob === null || margin === null ? null : logprob - Math.min(margin, 0);
}

function smallest(one: number | null, two: number | null): number | null {
  const known = [one, two].flatMap((value) => (value === null ? [] : Math.abs(value)));
  return known.length === 0 ? null : Math.min(...known);
}
