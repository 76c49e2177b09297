/** Where a golden could flip: the positions at which the chosen token was nearly not chosen. */
import type { Completion } from "../model/completion.ts";

export interface NearTie {
  /** 0-based position in the output. */
  readonly index: number;
  /** Nats; chosen minus best other. */
  readonly margin: number;
  /** The token's text; empty where it is not known. */
  readonly text: string;
}

/** The `count` positions with the smallest absolute margin, smallest first; positions whose margin is unknown are left out. */
export function nearTies(completion: Completion, count: number): readonly NearTie[] {
  const { margins, textEnds, text } = completion;
  if (margins === null) return [];
  return Array.from(margins, (margin, index) => ({ index, margin }))
    .filter(({ margin }) => Number.isFinite(margin))
    .sort((a, b) => Math.abs(a.margin) - Math.abs(b.margin) || a.index - b.index)
    .slice(0, count)
    .map(({ index, margin }) => ({
      index,
      margin,
      text: textEnds === null ? "" : text.slice(index === 0 ? 0 : textEnds[index - 1], textEnds[index]),
    }));
}
