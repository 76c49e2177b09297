/** What must hold between the parts of a completion, whoever wrote it. */
import type { Completion } from "./completion.ts";

export interface ShapeMistake {
  readonly field: "logprobs" | "margins" | "textEnds";
  readonly found: string;
  readonly expected: string;
}

/** Every broken rule: arrays as long as the token ids, text ends in order and within the text. Empty when all hold. */
export function completionShapeMistakes(completion: Completion): readonly ShapeMistake[] {
  const length = completion.tokenIds?.length ?? null;
  const mistakes: ShapeMistake[] = [];
  for (const field of ["logprobs", "margins", "textEnds"] as const) {
    const array = completion[field];
    if (array === null || array.length === length) continue;
    const expected = length === null ? "null, since there are no token ids" : `${length}, one for each token id`;
    mistakes.push({ field, found: `${array.length} numbers`, expected });
  }
  const ends = completion.textEnds;
  if (ends === null) return mistakes;
  const badIndex = firstBadEnd(ends, completion.text.length);
  if (badIndex !== null) {
    const found = `${ends[badIndex]} for token ${badIndex}, after ${badIndex === 0 ? 0 : ends[badIndex - 1]}`;
    const expected = `ends that never fall and stay within the text (${completion.text.length})`;
    mistakes.push({ field: "textEnds", found, expected });
  }
  return mistakes;
}

function firstBadEnd(ends: Uint32Array, textLength: number): number | null {
  let before = 0;
  for (let index = 0; index < ends.length; index += 1) {
    const end = ends[index] ?? 0;
    if (end < before || end > textLength) return index;
    before = end;
  }
  return null;
}
