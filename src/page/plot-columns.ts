/** Numbers along the output, gathered into as many columns as a plot has room for: what is most telling of each is kept. */
import type { Token } from "./token-rows.ts";

export interface PlotColumn {
  /** First and last token position it stands for. */
  readonly from: number;
  readonly to: number;
  /** Smallest margin on each side, in nats; null where none is known. */
  readonly leftMargin: number | null;
  readonly rightMargin: number | null;
  /** Largest difference of the log-probabilities of the common tokens, in nats; null beyond them. */
  readonly delta: number | null;
}

/** At most `most` columns of equal width over the longer answer. */
export function plotColumns(
  left: readonly Token[],
  right: readonly Token[],
  common: number,
  most: number,
): readonly PlotColumn[] {
  const length = Math.max(left.length, right.length);
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * length) / count);
    const to = Math.floor(((column + 1) * length) / count) - 1;
    return {
      from,
      to,
      leftMargin: smallest(left, from, to),
      rightMargin: smallest(right, from, to),
      delta: largestDelta(left, right, from, Math.min(to, common - 1)),
    };
  });
}

/** Positions whose margin, on either side, a small numeric difference could turn round; in order. */
export function nearTiePositions(left: readonly Token[], right: readonly Token[], nats: number): readonly number[] {
  const isTie = (token: Token | undefined) => token?.margin != null && Math.abs(token.margin) <= nats;
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, index) => index).filter((index) => isTie(left[index]) || isTie(right[index]));
}

function smallest(tokens: readonly Token[], from: number, to: number): number | null {
  let least: number | null = null;
  for (let index = from; index <= to; index += 1) {
    const margin = tokens[index]?.margin ?? null;
    if (margin !== null && (least === null || Math.abs(margin) < least)) least = Math.abs(margin);
  }
  return least;
}

function largestDelta(left: readonly Token[], right: readonly Token[], from: number, to: number): number | null {
  let most: number | null = null;
  for (let index = from; index <= to; index += 1) {
    const [one, other] = [left[index]?.logprob ?? null, right[index]?.logprob ?? null];
    if (one !== null && other !== null) most = Math.max(most ?? 0, Math.abs(other - one));
  }
  return most;
}
