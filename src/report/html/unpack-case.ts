/** Unpacks the answers of a case on a page. */
import type { FinishReason } from "../../model/completion.ts";
import type { Answer } from "../detail.ts";
import { NumberReader } from "./number-bytes.ts";
import type { PackedAnswer, PackedHead } from "./packed-case.ts";

/** One answer as it is shown. Arrays have one entry a token. */
export interface ShownAnswer {
  readonly of: Answer["of"];
  readonly finishReason: FinishReason;
  readonly outputDigest: string | null;
  readonly redacted: PackedAnswer["redacted"];
  readonly ids: readonly number[] | null;
  /** UTF-16 code units of `text`. */
  readonly textEnds: readonly number[] | null;
  /** Nats, rounded; differences between answers of a case are not. */
  readonly logprobs: Float64Array | null;
  /** Nats, rounded; NaN where unknown. */
  readonly margins: Float64Array | null;
  readonly text: string;
}

export interface ShownCase {
  readonly contract: string | null;
  readonly answers: readonly ShownAnswer[];
}

/** Throws RangeError or SyntaxError for bytes that `packCase` did not write. */
export function unpackCase(bytes: Uint8Array): ShownCase {
  const length = new NumberReader(bytes).whole();
  const start = bytes.findIndex((byte) => byte < 0x80) + 1;
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(start, start + length))) as PackedHead;
  const body = new NumberReader(bytes, start + length);
  const answers: ShownAnswer[] = [];
  for (const packed of head.answers) answers.push(unpackAnswer(packed, answers[0] ?? null, body));
  return { contract: head.contract, answers };
}

function unpackAnswer(packed: PackedAnswer, base: ShownAnswer | null, body: NumberReader): ShownAnswer {
  const { of, finishReason, outputDigest, redacted, tokens, shared, sharedText, has } = packed;
  const count = tokens ?? 0;
  const ids = tokens === null ? null : unpackDeltas(base?.ids ?? null, shared, count, body);
  const textEnds = has.textEnds ? unpackDeltas(base?.textEnds ?? null, shared, count, body) : null;
  const numbers = (of: Float64Array | null, areShared: boolean) =>
    unpackNumbers(of, shared, count, areShared ? "differ" : "equal", body);
  const logprobs = has.logprobs ? numbers(base?.logprobs ?? null, has.sharedLogprobs) : null;
  const margins = has.margins ? numbers(base?.margins ?? null, has.sharedMargins) : null;
  const text = (base?.text ?? "").slice(0, sharedText) + packed.text;
  return { of, finishReason, outputDigest, redacted, ids, textEnds, logprobs, margins, text };
}

function unpackDeltas(base: readonly number[] | null, shared: number, count: number, body: NumberReader): number[] {
  const values = base?.slice(0, shared) ?? [];
  let before = 0;
  while (values.length < count) {
    before += body.signed();
    values.push(before);
  }
  return values;
}

function unpackNumbers(
  base: Float64Array | null,
  shared: number,
  count: number,
  sharedNumbers: "differ" | "equal",
  body: NumberReader,
): Float64Array {
  const values = new Float64Array(count);
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  for (let index = 0; index < count; index += 1) {
    if (index >= shared) {
      values[index] = body.rounded();
      continue;
    }
    bits[0] = sharedNumbers === "differ" ? body.whole() : 0;
    values[index] = (base?.[index] ?? Number.NaN) + (float[0] ?? 0);
  }
  return values;
}
