import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Completion, unknownTokenId } from "../../../src/model/completion.ts";
import type { Answer } from "../../../src/report/detail.ts";
import { packCase } from "../../../src/report/html/pack-case.ts";
import { unpackCase } from "../../../src/report/html/unpack-case.ts";
import { completion, digest } from "../../compare/sample-completion.ts";

const golden = (of: Completion): Answer => ({ of: "golden", content: { kind: "full", completion: of } });
const ofRun = (repeat: number, of: Completion): Answer => ({
  of: { launch: 1, repeat },
  content: { kind: "full", completion: of },
});
const shown = (...answers: readonly Answer[]) => unpackCase(packCase({ answers, contract: "sha256:c" }));

const word = fc.oneof(fc.string({ unit: "binary", maxLength: 6 }), fc.constantFrom("a", " b", "\n", "\ud800", ""));
const nats = fc.oneof(
  fc.float({ noNaN: true, min: -60, max: 0 }),
  fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, -1e-7),
);

interface Parts {
  readonly words: readonly string[];
  readonly ids: readonly number[];
  readonly logprobs: readonly number[];
}
const parts = fc
  .array(fc.tuple(word, fc.oneof(fc.nat(100), fc.constantFrom(unknownTokenId, 151_643)), nats), { maxLength: 12 })
  .map(
    (rows): Parts => ({
      words: rows.map(([text]) => text),
      ids: rows.map(([, id]) => id),
      logprobs: rows.map(([, , value]) => value),
    }),
  );

function made(
  { words, ids, logprobs }: Parts,
  tells: { readonly ids: boolean; readonly numbers: boolean },
): Completion {
  const whole = completion(words);
  return {
    ...whole,
    tokenIds: tells.ids ? Uint32Array.from(ids) : null,
    textEnds: tells.ids ? whole.textEnds : null,
    logprobs: tells.numbers && tells.ids ? Float32Array.from(logprobs) : null,
    margins: tells.numbers && tells.ids ? Float32Array.from(logprobs, (value) => -value) : null,
  };
}

function expectShown(answer: ReturnType<typeof unpackCase>["answers"][number] | undefined, of: Completion): void {
  expect(answer?.text).toBe(of.text);
  expect(answer?.ids ?? null).toEqual(of.tokenIds === null ? null : [...of.tokenIds]);
  expect(answer?.textEnds ?? null).toEqual(of.textEnds === null ? null : [...of.textEnds]);
  expect(answer?.logprobs?.length).toBe(of.logprobs?.length);
}

describe("a packed case", () => {
  test("tells every id and every character of every answer, and numbers to a ten-thousandth", () => {
    const tells = fc.record({ ids: fc.boolean(), numbers: fc.boolean() });
    fc.assert(
      fc.property(parts, parts, fc.nat(12), tells, tells, (one, other, kept, first, second) => {
        const both: Parts = {
          words: [...one.words.slice(0, kept), ...other.words],
          ids: [...one.ids.slice(0, kept), ...other.ids],
          logprobs: [...one.logprobs.slice(0, kept), ...other.logprobs],
        };
        const left = made(one, first);
        const right = made(both, second);
        const { answers, contract } = shown(golden(left), ofRun(1, right));
        expect(contract).toBe("sha256:c");
        expectShown(answers[0], left);
        expectShown(answers[1], right);
        left.logprobs?.forEach((value, index) => {
          const found = answers[0]?.logprobs?.[index];
          if (Number.isFinite(value)) expect(Math.abs((found ?? Number.NaN) - value)).toBeLessThan(5.1e-5);
          else expect(found).toBe(value);
        });
      }),
      { numRuns: 300 },
    );
  });

  test("keeps a difference that is far smaller than what it rounds to", () => {
    const left = completion(["a", " b", " c"]);
    const right = { ...left, logprobs: Float32Array.of(-0.5, -0.500_001, -0.5) };
    const { answers } = shown(golden(left), ofRun(1, right));
    const delta = (index: number) => (answers[1]?.logprobs?.[index] ?? 0) - (answers[0]?.logprobs?.[index] ?? 0);
    expect(delta(0)).toBe(0);
    expect(delta(1)).toBeCloseTo(-1e-6, 7);
    expect(delta(1)).not.toBe(0);
    expect(delta(2)).toBe(0);
  });

  test("of two equal answers is hardly larger than of one", () => {
    const long = completion(Array.from({ length: 4096 }, (_, index) => ` word${index % 97}`));
    const [one, two] = [[golden(long)], [golden(long), ofRun(1, long)]].map(
      (answers) => packCase({ answers, contract: null }).length,
    );
    expect((two ?? 0) - (one ?? 0)).toBeLessThan(400);
  });

  test("of a redacted golden holds digests only", () => {
    const redacted = {
      ...{ promptTokenIds: digest("1"), tokenIds: digest("2"), logprobs: null, text: digest("3"), outputDigest: null },
      ...{ tokenCount: 17, finishReason: "stop" as const },
    };
    const { answers } = shown({ of: "golden", content: { kind: "redacted", completion: redacted } });
    expect(answers[0]?.redacted).toContainEqual(["text", digest("3")]);
    expect(answers[0]?.redacted).toContainEqual(["tokens", 17]);
    expect(answers[0]).toMatchObject({ ids: null, text: "", logprobs: null });
  });

  test("that was cut is refused", () => {
    const bytes = packCase({ answers: [golden(completion(["a", " b"]))], contract: null });
    expect(() => unpackCase(bytes.subarray(0, bytes.length - 1))).toThrow(RangeError);
  });
});
