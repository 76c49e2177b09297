import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareCompletion } from "../../src/compare/compare-completion.ts";
import { type Tier, tiers } from "../../src/model/case.ts";
import type { Completion } from "../../src/model/completion.ts";
import { abortedAfter, completion, digest, floats, golden, idOf, policy, redactedGolden } from "./sample-completion.ts";

const words = ["The", " cat", " sat", "\n", "on", " the", " mat", "."];
const same = completion(words);
const compare = (actual: Completion, tier: Tier = "tokens", expected = same) =>
  compareCompletion(golden(expected), actual, policy(tier));

describe("equal completions", () => {
  test.each(tiers)("match on tier %s, with nothing to report", (tier) => {
    expect(compare(completion(words), tier)).toEqual({
      caseId: "case",
      tier,
      verdict: "match",
      divergence: null,
      commonPrefix: 8,
      expectedLength: 8,
      actualLength: 8,
      unit: "tokens",
      logprobDrift: { positions: 8, differing: 0, firstIndex: null, maxAbs: 0, meanAbs: 0, atFirst: 0 },
      promptEqual: true,
      stoppedEarly: false,
    });
  });
});

describe("another token", () => {
  const actual = completion(["The", " cat", " sat", "\n", "on", " a", " sofa"], {
    logprobs: floats(7, -0.5, { 2: -0.75, 5: -1.5, 6: -9 }),
    margins: floats(7, 1, { 5: -0.25 }),
  });

  test("is located, with the text and the numbers of both sides", () => {
    expect(compare(actual).divergence).toEqual({
      kind: "token",
      tokenIndex: 5,
      textOffset: 14,
      textLine: 2,
      before: "The cat sat\non",
      expected: { tokenId: idOf(" the"), logprob: -0.5, margin: 1, text: " the mat." },
      actual: { tokenId: idOf(" a"), logprob: -1.5, margin: -0.25, text: " a sofa" },
    });
  });

  test("is drift on the tiers that look at ids or text", () => {
    expect(tiers.map((tier) => compare(actual, tier).verdict)).toEqual(["drift", "drift", "drift", "drift"]);
  });

  test("ends the log-probability statistics after its own position", () => {
    expect(compare(actual)).toMatchObject({
      commonPrefix: 5,
      expectedLength: 8,
      actualLength: 7,
      logprobDrift: { positions: 6, differing: 2, firstIndex: 2, maxAbs: 1, meanAbs: 1.25 / 6, atFirst: 0 },
    });
  });

  test("is located by the texts when the engine does not tell where tokens end", () => {
    const blind = { textEnds: null };
    const result = compare({ ...actual, ...blind }, "tokens", { ...same, ...blind });
    expect(result.divergence).toMatchObject({ tokenIndex: 5, textOffset: 15, before: "The cat sat\non " });
  });

  test("with the same text is still drift on ids, not on text", () => {
    const retokenized = completion(["The", " cat", " sa", "t", "\n", "on", " the", " mat", "."]);
    expect(compare(retokenized, "tokens").divergence).toMatchObject({ kind: "token", tokenIndex: 2, textOffset: 7 });
    expect(compare(retokenized, "text").verdict).toBe("match");
  });
});

describe("the order in which a divergence is looked for", () => {
  const base = completion(["a", "b"]);
  const other: [string, Partial<Completion>][] = [
    ["logprob", { logprobs: floats(2, -0.25) }],
    ["output", { outputDigest: digest("a") }],
    ["finish-reason", { finishReason: "length" }],
    ["text", { text: "aB" }],
    ["length", { tokenIds: Uint32Array.of(idOf("a"), idOf("b"), idOf("c")) }],
    ["token", { tokenIds: Uint32Array.of(idOf("a"), idOf("c"), idOf("c")) }],
    ["prompt", { promptTokenIds: Uint32Array.of(1, 9, 3) }],
  ];
  test.each(other.map(([kind], index) => [kind, index] as const))(
    "%s comes before all that follow it",
    (kind, index) => {
      const changes = Object.assign({}, ...other.slice(0, index + 1).map(([, change]) => change));
      expect(compare({ ...base, ...changes }, "bits", base).divergence?.kind).toBe(kind);
    },
  );
});

describe("prompt ids", () => {
  test("name the first position that differs and make the log-probabilities incomparable", () => {
    const result = compare({ ...same, promptTokenIds: Uint32Array.of(1, 2) });
    expect(result).toMatchObject({ verdict: "drift", promptEqual: false, logprobDrift: null, commonPrefix: 8 });
    expect(result.divergence).toMatchObject({
      kind: "prompt",
      tokenIndex: 2,
      textOffset: null,
      expected: { tokenId: 3 },
      actual: { tokenId: null },
    });
  });

  test("that an engine does not tell are no difference", () => {
    expect(compare({ ...same, promptTokenIds: null })).toMatchObject({ verdict: "match", promptEqual: null });
  });

  test("are reported but not judged on tier text", () => {
    expect(compare({ ...same, promptTokenIds: Uint32Array.of(9) }, "text")).toMatchObject({
      verdict: "match",
      promptEqual: false,
    });
  });
});

describe("length", () => {
  test("a shorter completion never matches", () => {
    const shorter = completion(words.slice(0, 6));
    for (const tier of tiers) expect(compare(shorter, tier).divergence?.kind).toBe("length");
    expect(compare(shorter).divergence).toMatchObject({
      tokenIndex: 6,
      expected: { tokenId: idOf(" mat"), text: " mat." },
      actual: { tokenId: null, logprob: null, margin: null, text: "" },
    });
  });

  test("a longer completion never matches", () => {
    const longer = completion([...words, " Yes"]);
    for (const tier of tiers) expect(compare(longer, tier).divergence?.kind).toBe("length");
  });

  test("an empty completion never matches, not even an empty golden", () => {
    const empty = completion([]);
    for (const tier of tiers) {
      expect(compare(empty, tier, empty)).toMatchObject({ verdict: "drift", divergence: { kind: "length" } });
      expect(compare(empty, tier)).toMatchObject({ verdict: "drift", commonPrefix: 0 });
    }
  });

  test("an end token alone never matches, not even a golden of the same", () => {
    const ended = completion([""]);
    for (const tier of tiers) expect(compare(ended, tier, ended)).toMatchObject({ verdict: "drift" });
  });

  test("an output that is no text is not empty", () => {
    const output = completion([], { tokenIds: null, logprobs: null, outputDigest: digest("a") });
    expect(compare(output, "text", output)).toMatchObject({ verdict: "match", unit: "characters", logprobDrift: null });
    expect(compare({ ...output, outputDigest: digest("b") }, "text", output).divergence).toMatchObject({
      kind: "output",
      expected: { text: digest("a") },
      actual: { text: digest("b") },
    });
  });
});

describe("finish reason", () => {
  test("is compared on every tier and shown in words", () => {
    for (const tier of tiers) {
      expect(compare({ ...same, finishReason: "length" }, tier).divergence).toMatchObject({
        kind: "finish-reason",
        expected: { text: "stop" },
        actual: { text: "length" },
      });
    }
  });
});

describe("text", () => {
  test("that differs under equal ids is drift at the token that holds the character", () => {
    const result = compare({ ...same, text: same.text.replace("the", "thE") });
    expect(result).toMatchObject({ verdict: "drift", commonPrefix: 8, actualLength: 8 });
    expect(result.divergence).toMatchObject({
      kind: "text",
      tokenIndex: 5,
      textOffset: 17,
      textLine: 2,
      expected: { tokenId: idOf(" the"), text: "e mat." },
      actual: { text: "E mat." },
    });
  });

  test("is all there is without ids", () => {
    const plain = (text: string) =>
      completion([], { tokenIds: null, logprobs: null, margins: null, textEnds: null, text });
    expect(compare(plain("one two"), "text", plain("one too"))).toMatchObject({
      verdict: "drift",
      unit: "characters",
      commonPrefix: 5,
      expectedLength: 7,
      actualLength: 7,
      divergence: { kind: "text", tokenIndex: null, before: "one t", expected: { text: "oo" }, actual: { text: "wo" } },
    });
    expect(compare(plain("one"), "text", plain("one two")).divergence?.kind).toBe("length");
  });
});

describe("context", () => {
  const context = (expected: string, actual: string) => {
    const plain = (text: string) => completion([], { tokenIds: null, textEnds: null, text });
    const { divergence } = compare(plain(actual), "text", plain(expected));
    if (divergence === null) throw new Error("no divergence");
    return divergence;
  };

  test("is at most 240 units on each side", () => {
    const found = context(`${"a".repeat(1000)}b${"c".repeat(1000)}`, `${"a".repeat(1000)}d`);
    expect([found.before.length, found.expected.text.length, found.actual.text]).toEqual([240, 240, "d"]);
    expect(found.textOffset).toBe(1000);
  });

  test("never holds half a character of a well-formed text", () => {
    const wellFormed = fc.string({ unit: "binary", maxLength: 400 });
    fc.assert(
      fc.property(wellFormed, wellFormed, wellFormed, (start, one, two) => {
        fc.pre(one !== two);
        const found = context(`${start}😀${one}`, `${start}😀${two}`);
        for (const text of [found.before, found.expected.text, found.actual.text])
          expect(hasLoneSurrogate(text)).toBe(false);
      }),
    );
  });

  test("starts at the whole character where only its second half differs", () => {
    expect(context("x😀", "x😁")).toMatchObject({ textOffset: 1, expected: { text: "😀" }, actual: { text: "😁" } });
  });

  test("counts the lines of the golden", () => {
    expect(context("a\nb\nc", "a\nb\nd").textLine).toBe(3);
    expect(context("a\nb\nc", "a\nbc").textLine).toBe(2);
  });

  test("survives token ends beyond the text", () => {
    const wild = completion(["a", "b"], { textEnds: Uint32Array.of(900, 2) });
    const actual = completion(["a", "c"], { textEnds: Uint32Array.of(4_000_000_000, 0) });
    expect(compare(actual, "tokens", wild).divergence).toMatchObject({ tokenIndex: 1, textOffset: 2, before: "ab" });
  });
});

const hasLoneSurrogate = (text: string) => /[\ud800-\udfff]/u.test(text);

describe("log-probability bits", () => {
  const oneBit = completion(words, { logprobs: floats(8, -0.5, { 3: -0.50000006 }) });

  test("that differ fail tier bits and are an early warning on tier tokens", () => {
    expect(compare(oneBit, "bits")).toMatchObject({ verdict: "drift", divergence: { kind: "logprob", tokenIndex: 3 } });
    expect(compare(oneBit, "tokens")).toMatchObject({
      verdict: "match",
      divergence: null,
      logprobDrift: { positions: 8, differing: 1, firstIndex: 3 },
    });
  });

  test.each([
    ["0 and -0", 0, -0],
    ["unknown and known", Number.NaN, -0.5],
    ["known and unknown", -0.5, Number.NaN],
    ["infinite and finite", Number.NEGATIVE_INFINITY, -0.5],
  ])("%s differ", (_, before, now) => {
    const expected = completion(words, { logprobs: floats(8, -0.5, { 2: before }) });
    const actual = completion(words, { logprobs: floats(8, -0.5, { 2: now }) });
    expect(compare(actual, "bits", expected).divergence).toMatchObject({ kind: "logprob", tokenIndex: 2 });
  });

  test("NaNs of another payload differ, equal ones do not", () => {
    const withNaN = (bits: number) => {
      const logprobs = floats(8, -0.5);
      new Uint32Array(logprobs.buffer)[2] = bits;
      return completion(words, { logprobs });
    };
    expect(compare(withNaN(0x7fc00001), "bits", withNaN(0x7fc00002)).verdict).toBe("drift");
    expect(compare(withNaN(0x7fc00001), "bits", withNaN(0x7fc00001)).verdict).toBe("match");
  });

  test("what is unknown or infinite is left out of the statistics", () => {
    const expected = completion(words, { logprobs: floats(8, -0.5, { 0: Number.NaN, 1: -1 }) });
    const actual = completion(words, { logprobs: floats(8, -0.5, { 2: Number.NEGATIVE_INFINITY }) });
    expect(compare(actual, "tokens", expected).logprobDrift).toEqual({
      positions: 6,
      differing: 1,
      firstIndex: 1,
      maxAbs: 0.5,
      meanAbs: 0.5 / 6,
      atFirst: null,
    });
  });

  test("0 and -0 count as differing by 0 nats", () => {
    const zero = completion(words, { logprobs: floats(8, 0) });
    const minusZero = completion(words, { logprobs: floats(8, 0, { 4: -0 }) });
    expect(compare(minusZero, "tokens", zero).logprobDrift).toMatchObject({ differing: 1, firstIndex: 4, maxAbs: 0 });
  });

  test("margins count on tier bits where both sides know them", () => {
    const margins = (value: number) => completion(words, { margins: floats(8, 1, { 1: value }) });
    expect(compare(margins(0.5), "bits").divergence).toMatchObject({
      kind: "logprob",
      tokenIndex: 1,
      expected: { margin: 1 },
      actual: { margin: 0.5 },
    });
    expect(compare(margins(Number.NaN), "bits").verdict).toBe("match");
    expect(compare(completion(words, { margins: null }), "bits").verdict).toBe("match");
    expect(compare(margins(0.5), "tokens").verdict).toBe("match");
  });

  test("that a side does not have cannot be shown to be equal", () => {
    const silent = completion(words, { logprobs: null });
    expect(compare(silent, "bits")).toMatchObject({ verdict: "drift", divergence: { kind: "logprob", tokenIndex: 0 } });
    expect(compare(silent, "close").verdict).toBe("drift");
    expect(compare(silent, "bits", silent).verdict).toBe("drift");
    expect(compare(silent, "tokens").verdict).toBe("match");
  });

  test("that stop short of the tokens cannot be shown to be equal", () => {
    const short = completion(words, { logprobs: floats(5, -0.5) });
    expect(compare(short, "bits").divergence).toMatchObject({ kind: "logprob", tokenIndex: 5 });
    expect(compare(short, "close").divergence).toMatchObject({ kind: "logprob", tokenIndex: 5 });
  });
});

describe("tier close", () => {
  const shifted = (delta: number, at = 3) => completion(words, { logprobs: floats(8, -0.5, { [at]: -0.5 + delta }) });

  test("forgives log-probabilities within the tolerance and says so", () => {
    expect(compare(shifted(0.005), "close")).toMatchObject({
      verdict: "close",
      divergence: { kind: "logprob", tokenIndex: 3, expected: { logprob: -0.5 } },
    });
  });

  test("refuses what is beyond it, at the first position that is", () => {
    const actual = completion(words, { logprobs: floats(8, -0.5, { 1: -0.505, 4: -0.6 }) });
    expect(compare(actual, "close")).toMatchObject({
      verdict: "drift",
      divergence: { kind: "logprob", tokenIndex: 4 },
    });
  });

  const split = (margin: number, changes: Partial<Completion> = {}) =>
    completion(["The", " cat", " lay"], { margins: floats(3, 1, { 2: margin }), ...changes });

  test.each([0.05 - 1e-6, -0.04, 0])("forgives a split at a near tie of %p nats, and all that follows", (margin) => {
    expect(compare(split(margin, { finishReason: "length" }), "close")).toMatchObject({
      verdict: "close",
      divergence: { kind: "token", tokenIndex: 2 },
    });
  });

  test("forgives it by the golden's margin too", () => {
    const expected = completion(words, { margins: floats(8, 1, { 2: 0.01 }) });
    expect(compare(split(3), "close", expected).verdict).toBe("close");
  });

  test.each([
    ["a clear margin", split(0.06)],
    ["an unknown margin", split(Number.NaN)],
    ["a log-probability beyond the tolerance before it", split(0.01, { logprobs: floats(3, -0.5, { 0: -0.4 }) })],
    ["an aborted completion", split(0.01, { finishReason: "abort" })],
  ])("does not forgive a split with %s", (_, actual) => {
    expect(compare(actual, "close")).toMatchObject({ verdict: "drift", divergence: { kind: "token" } });
  });

  test("does not forgive an output that ends earlier, however near the tie", () => {
    const expected = completion(words, { margins: floats(8, 0) });
    expect(compare(completion(words.slice(0, 3)), "close", expected).verdict).toBe("drift");
  });
});

describe("ids that were asked for and are not there", () => {
  test.each(["bits", "tokens", "close"] as const)("are drift with unknown ids on tier %s", (tier) => {
    const blind = completion(words, { tokenIds: null });
    for (const [expected, actual] of [
      [same, blind],
      [blind, same],
      [blind, blind],
    ] as const) {
      expect(compare(actual, tier, expected)).toMatchObject({
        verdict: "drift",
        unit: "characters",
        commonPrefix: same.text.length,
        divergence: { kind: "token", tokenIndex: null },
      });
    }
  });
});

describe("an aborted completion", () => {
  const other = completion(["The", " cat", " lay", " down", "."]);

  test("stopped at the split is drift there", () => {
    expect(compare(abortedAfter(other, 3))).toMatchObject({
      verdict: "drift",
      stoppedEarly: true,
      actualLength: 3,
      divergence: { kind: "token", tokenIndex: 2 },
    });
  });

  test("stopped at a log-probability names that, not its own shortness", () => {
    const drifted = completion(words, { logprobs: floats(8, -0.5, { 4: -0.75 }) });
    for (const tier of ["bits", "close"] as const) {
      expect(compare(abortedAfter(drifted, 5), tier)).toMatchObject({
        verdict: "drift",
        stoppedEarly: true,
        divergence: { kind: "logprob", tokenIndex: 4 },
      });
    }
  });

  test("stopped beyond the golden's end is too long", () => {
    const longer = completion([...words, " Yes", " it"]);
    expect(compare(abortedAfter(longer, 9))).toMatchObject({
      verdict: "drift",
      stoppedEarly: true,
      divergence: { kind: "length", tokenIndex: 8 },
    });
  });

  test.each(tiers)("without a split is no match on tier %s", (tier) => {
    expect(compare(abortedAfter(same, 4), tier)).toMatchObject({ verdict: "drift", stoppedEarly: false });
    expect(compare(abortedAfter(same, 8), tier)).toMatchObject({
      verdict: "drift",
      stoppedEarly: false,
      divergence: { kind: "finish-reason", actual: { text: "abort" } },
    });
  });
});

test("a redacted golden never matches a completion that was not redacted", () => {
  const hidden = redactedGolden({
    promptTokenIds: null,
    tokenIds: digest("1"),
    logprobs: null,
    text: digest("2"),
    outputDigest: null,
    tokenCount: 8,
    finishReason: "stop",
  });
  for (const tier of tiers) {
    expect(compareCompletion(hidden, same, policy(tier))).toMatchObject({
      verdict: "drift",
      divergence: { kind: "output" },
    });
  }
});

test("match is exactly no divergence, whatever the two sides hold", () => {
  const part = fc.record({
    promptTokenIds: fc.option(fc.uint32Array({ maxLength: 2, max: 2 })),
    tokenIds: fc.option(fc.uint32Array({ maxLength: 4, max: 2 })),
    logprobs: fc.option(fc.float32Array({ maxLength: 4 })),
    margins: fc.option(fc.float32Array({ maxLength: 4 })),
    textEnds: fc.option(fc.uint32Array({ maxLength: 4 })),
    text: fc.string({ unit: fc.constantFrom("a", "😀", "\ud83d", "\n"), maxLength: 4 }),
    outputDigest: fc.constantFrom(null, digest("a")),
    finishReason: fc.constantFrom("stop" as const, "length" as const, "abort" as const),
  });
  fc.assert(
    fc.property(part, part, fc.constantFrom(...tiers), (expected, actual, tier) => {
      const result = compareCompletion(golden(expected), actual, policy(tier));
      expect(result.verdict === "match").toBe(result.divergence === null);
      if (result.verdict === "match") {
        expect(actual.text).toBe(expected.text);
        expect(actual.finishReason).toBe(expected.finishReason);
        if (tier !== "text") expect(actual.tokenIds).toEqual(expected.tokenIds);
        if (tier === "bits") {
          const length = expected.tokenIds?.length;
          expect(actual.logprobs?.subarray(0, length)).toEqual(expected.logprobs?.subarray(0, length));
        }
      }
      if (result.verdict === "close") expect(tier).toBe("close");
      expect(result.commonPrefix).toBeLessThanOrEqual(Math.min(result.expectedLength, result.actualLength));
      expect(numbersIn(result).filter((value) => !Number.isFinite(value))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

/** Every number of a value; a report holds finite ones only. */
const numbersIn = (value: unknown): number[] =>
  typeof value === "number"
    ? [value]
    : typeof value === "object"
      ? Object.values(value ?? {}).flatMap((part) => numbersIn(part))
      : [];
