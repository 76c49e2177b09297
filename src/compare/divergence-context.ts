/** What a reader needs to see around a divergence: common text before it, both sides from there on, and the numbers there. */
import type { DivergenceKind, DivergenceSide, FirstDivergence } from "../model/comparison.ts";
import type { Completion } from "../model/completion.ts";
import { commonText, type Pair, wholeCharacter } from "./common-prefix.ts";

/** Most UTF-16 code units of text shown before a divergence, and of each side after it. */
export const contextLength = 240;

/** A divergence at an output token; where the texts of tokens are unknown it starts at the first different character. */
export function divergenceAtToken(pair: Pair, kind: DivergenceKind, index: number): FirstDivergence {
  const { expected, actual } = pair;
  const starts = { expected: textStart(expected, index), actual: textStart(actual, index) };
  const offset = starts.expected ?? starts.actual ?? commonText(expected.text, actual.text);
  const from = wholeCharacter(expected.text, Math.min(starts.expected ?? offset, expected.text.length));
  return {
    kind,
    tokenIndex: index,
    ...placeInText(expected.text, from),
    expected: { ...numbersAt(expected, index), text: contextAfter(expected.text, from) },
    actual: { ...numbersAt(actual, index), text: contextAfter(actual.text, starts.actual ?? offset) },
  };
}

/** A divergence at the first different character of the texts. */
export function divergenceInText(pair: Pair, kind: DivergenceKind): FirstDivergence {
  const { expected, actual } = pair;
  const offset = commonText(expected.text, actual.text);
  const index = tokenAt(expected, offset);
  return {
    kind,
    tokenIndex: index,
    ...placeInText(expected.text, offset),
    expected: { ...numbersAt(expected, index), text: contextAfter(expected.text, offset) },
    actual: { ...numbersAt(actual, tokenAt(actual, offset)), text: contextAfter(actual.text, offset) },
  };
}

/** A divergence after equal outputs, in a word about each of them (finish reason, output digest). */
export function divergenceAfterText(
  pair: Pair,
  kind: DivergenceKind,
  words: { readonly expected: string; readonly actual: string },
): FirstDivergence {
  const { text, tokenIds } = pair.expected;
  return {
    kind,
    tokenIndex: tokenIds?.length ?? null,
    ...placeInText(text, text.length),
    expected: { ...unknownNumbers, text: words.expected },
    actual: { ...unknownNumbers, text: words.actual },
  };
}

/** A divergence of which only the kind and an id on each side are told: in the prompt, or under redaction. */
export function divergenceWithoutText(
  kind: DivergenceKind,
  at: { readonly index: number | null; readonly expected: number | null; readonly actual: number | null },
): FirstDivergence {
  return {
    kind,
    tokenIndex: at.index,
    textOffset: null,
    textLine: null,
    before: "",
    expected: { ...unknownNumbers, tokenId: at.expected, text: "" },
    actual: { ...unknownNumbers, tokenId: at.actual, text: "" },
  };
}

const unknownNumbers = { tokenId: null, logprob: null, margin: null };

function numbersAt(completion: Completion, index: number | null): Omit<DivergenceSide, "text"> {
  if (index === null) return unknownNumbers;
  return {
    tokenId: completion.tokenIds?.[index] ?? null,
    logprob: finite(completion.logprobs?.[index]),
    margin: finite(completion.margins?.[index]),
  };
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);

function placeInText(text: string, offset: number): Pick<FirstDivergence, "textOffset" | "textLine" | "before"> {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  const start = Math.max(0, offset - contextLength);
  const before = text.slice(wholeCharacter(text, start) < start ? start + 1 : start, offset);
  return { textOffset: offset, textLine: line, before: ownText(before) };
}

function contextAfter(text: string, offset: number): string {
  const start = wholeCharacter(text, Math.min(offset, text.length));
  return ownText(text.slice(start, wholeCharacter(text, start + contextLength)));
}

/** The same text as one of its own: a slice keeps the whole answer in memory, for as long as the report lives. */
function ownText(slice: string): string {
  return slice.split("").join("");
}

/** Offset at which the text of token `index` starts; null when the engine does not tell. */
function textStart(completion: Completion, index: number): number | null {
  if (completion.textEnds === null) return null;
  return index === 0 ? 0 : Math.min(completion.textEnds[index - 1] ?? completion.text.length, completion.text.length);
}

/** The token whose text holds the character at `offset`; null at the end and when the engine does not tell. */
function tokenAt(completion: Completion, offset: number): number | null {
  const index = completion.textEnds?.findIndex((end) => end > offset) ?? -1;
  return index === -1 ? null : index;
}
