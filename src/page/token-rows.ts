/** Two answers as rows of tokens side by side: what they share stands level, and from the first divergence on each goes its own way. */
import type { ShownAnswer } from "../report/html/unpack-case.ts";

export interface Token {
  /** 0-based position in the output. */
  readonly index: number;
  readonly text: string;
  /** Null for a piece of text of an engine that tells no ids. */
  readonly id: number | null;
  /** Nats. */
  readonly logprob: number | null;
  /** Nats. */
  readonly margin: number | null;
}

export interface TokenRow {
  readonly left: readonly Token[];
  readonly right: readonly Token[];
  /** True where the first divergence stands. */
  readonly isSplit: boolean;
}

export interface TokenRows {
  readonly rows: readonly TokenRow[];
  readonly left: readonly Token[];
  readonly right: readonly Token[];
  /** Leading tokens that both have. */
  readonly common: number;
  readonly areEqual: boolean;
}

const mostTokensInRow = 24;

/** `right` may be missing: then there is one column. */
export function tokenRows(left: ShownAnswer, right: ShownAnswer | null): TokenRows {
  const offset = right === null ? left.text.length : commonUnits(left.text, right.text);
  const areTokens = left.ids !== null && (right === null || right.ids !== null);
  const [one, other] = [tokensOf(left, areTokens, offset), right === null ? [] : tokensOf(right, areTokens, offset)];
  const common = right === null ? one.length : commonTokens(one, other);
  const areEqual = right === null || (common === one.length && common === other.length);
  const rows: TokenRow[] = [];
  let from = 0;
  while (from < common) {
    const end = rowEnd(one, from);
    const isWhole = end - from === mostTokensInRow || endsRow(one[end - 1]);
    if (end > common || (end === common && !areEqual && !isWhole)) break;
    const shared = one.slice(from, end);
    rows.push({ left: shared, right: areEqual ? [] : other.slice(from, end), isSplit: false });
    from = end;
  }
  let [i, k] = [from, from];
  while (!areEqual && (i < one.length || k < other.length)) {
    const [leftEnd, rightEnd] = [rowEnd(one, i), rowEnd(other, k)];
    rows.push({ left: one.slice(i, leftEnd), right: other.slice(k, rightEnd), isSplit: i === from });
    [i, k] = [leftEnd, rightEnd];
  }
  return { rows, left: one, right: other, common, areEqual };
}

/** Up to the end of a line, or as many tokens as a row takes. */
function rowEnd(tokens: readonly Token[], from: number): number {
  let end = from;
  while (end < tokens.length && end < from + mostTokensInRow) {
    end += 1;
    if (endsRow(tokens[end - 1])) break;
  }
  return end;
}

const endsRow = (token: Token | undefined) => token?.text.includes("\n") ?? true;

function tokensOf(answer: ShownAnswer, areTokens: boolean, split: number): readonly Token[] {
  const { ids, textEnds, logprobs, margins, text } = answer;
  if (!areTokens || ids === null) {
    return piecesOf(text, split).map((piece, index) => ({ index, text: piece, id: null, logprob: null, margin: null }));
  }
  return ids.map((id, index) => ({
    index,
    text: textEnds === null ? `‹${id}›` : text.slice(index === 0 ? 0 : textEnds[index - 1], textEnds[index]),
    id,
    logprob: numberAt(logprobs, index),
    margin: numberAt(margins, index),
  }));
}

function numberAt(values: Float64Array | null, index: number): number | null {
  const value = values?.[index];
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** Words with the space before them and line ends, cut where the two texts part. */
function piecesOf(text: string, split: number): readonly string[] {
  const words = (part: string) => part.match(/\n|[^\S\n]*[^\s]+|[^\S\n]+/g) ?? [];
  return [...words(text.slice(0, split)), ...words(text.slice(split))];
}

function commonTokens(one: readonly Token[], other: readonly Token[]): number {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one[at]?.id === other[at]?.id && one[at]?.text === other[at]?.text) at += 1;
  return at;
}

function commonUnits(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}
