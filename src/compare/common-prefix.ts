/** How far two outputs are equal, counted in token ids or in UTF-16 code units. */
import type { Completion } from "../model/completion.ts";

/** A golden's completion beside the one that is held against it. */
export interface Pair {
  readonly expected: Completion;
  readonly actual: Completion;
  /** Leading output ids that are equal; null when a side has no ids. */
  readonly commonTokens: number | null;
}

export function pairOf(expected: Completion, actual: Completion): Pair {
  const { tokenIds: before } = expected;
  const { tokenIds: now } = actual;
  return { expected, actual, commonTokens: before === null || now === null ? null : commonIds(before, now) };
}

/** Number of leading ids that are equal. */
export function commonIds(expected: Uint32Array, actual: Uint32Array): number {
  const end = Math.min(expected.length, actual.length);
  let index = 0;
  while (index < end && expected[index] === actual[index]) index += 1;
  return index;
}

/** Number of leading UTF-16 code units that are equal; never between the two halves of a surrogate pair. */
export function commonText(expected: string, actual: string): number {
  if (expected === actual) return expected.length;
  const end = Math.min(expected.length, actual.length);
  let index = 0;
  while (index < end && expected.charCodeAt(index) === actual.charCodeAt(index)) index += 1;
  return Math.min(wholeCharacter(expected, index), wholeCharacter(actual, index));
}

/** The offset itself, or one less when it lies between the two halves of a surrogate pair. */
export function wholeCharacter(text: string, offset: number): number {
  return isHigh(text.charCodeAt(offset - 1)) && isLow(text.charCodeAt(offset)) ? offset - 1 : offset;
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;
