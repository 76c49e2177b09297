/** Packs the answers of a case for a page. Ids and texts are exact; log-probabilities and margins are rounded, their differences are not. */
import type { Completion } from "../../model/completion.ts";
import type { RedactedCompletion } from "../../model/golden.ts";
import type { Answer, CaseDetail } from "../detail.ts";
import { NumberWriter } from "./number-bytes.ts";
import type { PackedAnswer, PackedHead } from "./packed-case.ts";

/** What `unpackCase` reads. */
export function packCase({ answers, contract }: CaseDetail): Uint8Array {
  const [first] = answers;
  const base = first?.content.kind === "full" ? first.content.completion : null;
  const body = new NumberWriter();
  const packed = answers.map((answer, index) => packAnswer(answer, index === 0 ? null : base, body));
  const head: PackedHead = { contract, answers: packed };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const length = new NumberWriter();
  length.whole(text.length);
  return joined([length.bytes(), text, body.bytes()]);
}

function packAnswer({ of, content }: Answer, base: Completion | null, body: NumberWriter): PackedAnswer {
  if (content.kind === "redacted") return redactedAnswer(of, content.completion);
  const { completion } = content;
  const { tokenIds, textEnds, logprobs, margins, text, finishReason, outputDigest } = completion;
  const shared = base === null ? 0 : sharedTokens(base, completion);
  const sharedText = base === null ? 0 : shared > 0 ? sharedEnd(completion, shared) : commonUnits(base.text, text);
  const has = {
    textEnds: textEnds !== null,
    logprobs: logprobs !== null,
    margins: margins !== null,
    sharedLogprobs: differ(base?.logprobs ?? null, logprobs, shared),
    sharedMargins: differ(base?.margins ?? null, margins, shared),
  };
  if (tokenIds !== null) packDeltas(tokenIds, shared, body);
  if (textEnds !== null) packDeltas(textEnds, shared, body);
  if (logprobs !== null) packNumbers(logprobs, has.sharedLogprobs ? (base?.logprobs ?? null) : null, shared, body);
  if (margins !== null) packNumbers(margins, has.sharedMargins ? (base?.margins ?? null) : null, shared, body);
  const tokens = tokenIds?.length ?? null;
  return {
    of,
    finishReason,
    outputDigest,
    redacted: null,
    tokens,
    shared,
    sharedText,
    text: text.slice(sharedText),
    has,
  };
}

function redactedAnswer(of: Answer["of"], completion: RedactedCompletion): PackedAnswer {
  const { promptTokenIds, tokenIds, logprobs, text, outputDigest, tokenCount, finishReason } = completion;
  const redacted = [
    ["prompt token ids", promptTokenIds],
    ["output token ids", tokenIds],
    ["log-probabilities", logprobs],
    ["text", text],
    ["output", outputDigest],
    ["tokens", tokenCount],
  ] as const;
  const has = { textEnds: false, logprobs: false, margins: false, sharedLogprobs: false, sharedMargins: false };
  return { of, finishReason, outputDigest, redacted, tokens: null, shared: 0, sharedText: 0, text: "", has };
}

/** Leading tokens with equal ids and equal texts, whose numbers are known on both sides or on none. */
function sharedTokens(base: Completion, other: Completion): number {
  if (base.tokenIds === null || other.tokenIds === null) return 0;
  if ((base.textEnds === null) !== (other.textEnds === null)) return 0;
  if ((base.logprobs === null) !== (other.logprobs === null)) return 0;
  if ((base.margins === null) !== (other.margins === null)) return 0;
  const common = commonUnits(base.text, other.text);
  const end = Math.min(base.tokenIds.length, other.tokenIds.length);
  let shared = 0;
  while (
    shared < end &&
    base.tokenIds[shared] === other.tokenIds[shared] &&
    base.textEnds?.[shared] === other.textEnds?.[shared] &&
    (other.textEnds?.[shared] ?? 0) <= common
  ) {
    shared += 1;
  }
  return shared;
}

const sharedEnd = ({ textEnds }: Completion, shared: number) => textEnds?.[shared - 1] ?? 0;

function commonUnits(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}

/** True when a number of the first `shared` differs in any bit that can be seen; two NaN are alike. */
function differ(base: Float32Array | null, other: Float32Array | null, shared: number): boolean {
  if (base === null || other === null) return false;
  for (let index = 0; index < shared; index += 1) if (!Object.is(base[index], other[index])) return true;
  return false;
}

function packDeltas(values: Uint32Array, from: number, body: NumberWriter): void {
  let before = 0;
  for (let index = from; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    body.signed(value - before);
    before = value;
  }
}

/** The shared numbers as exact differences to the first answer where they differ, the others rounded. */
function packNumbers(values: Float32Array, base: Float32Array | null, shared: number, body: NumberWriter): void {
  if (base !== null) {
    const bits = new Uint32Array(1);
    const float = new Float32Array(bits.buffer);
    for (let index = 0; index < shared; index += 1) {
      const [value = 0, first = 0] = [values[index], base[index]];
      float[0] = Object.is(value, first) ? 0 : value - first;
      body.whole(bits[0] ?? 0);
    }
  }
  for (let index = shared; index < values.length; index += 1) body.rounded(values[index] ?? 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
