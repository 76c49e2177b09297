import { describe, expect, test } from "@jest/globals";
import { compareCompletion } from "../../src/compare/compare-completion.ts";
import { compareRedacted } from "../../src/compare/compare-redacted.ts";
import { diagnose } from "../../src/diagnose/diagnose.ts";
import type { DiagnosisInput } from "../../src/diagnose/diagnosis-input.ts";
import type { Tier } from "../../src/model/case.ts";
import type { Comparison } from "../../src/model/comparison.ts";
import type { Completion } from "../../src/model/completion.ts";
import { causes } from "../../src/model/diagnosis.ts";
import type { EnvironmentChange } from "../../src/model/fingerprint.ts";
import {
  abortedAfter,
  completion,
  digest,
  floats,
  golden,
  policy,
  redactedGolden,
} from "../compare/sample-completion.ts";

const words = ["The", " cat", " sat", " on", " the", " mat"];
const length = words.length;
const same = completion(words);

/** The golden's words, then from `at` on other ones. */
const splitting = (at: number, changes: Partial<Completion> = {}) =>
  completion([...words.slice(0, at), " dog", " ran"].slice(0, length), changes);

const compared = (actual: Completion, { id = "a", tier = "tokens" as Tier, expected = same } = {}): Comparison =>
  compareCompletion(golden(expected, id), actual, policy(tier));

const diagnosed = (comparisons: readonly Comparison[], about: Partial<DiagnosisInput> = {}) =>
  diagnose({
    comparisons,
    environmentChanges: [],
    contractChanges: [],
    caseContractChanges: new Map(),
    unstableCases: [],
    ...about,
  });

const causesOf = (comparisons: readonly Comparison[], about: Partial<DiagnosisInput> = {}) =>
  diagnosed(comparisons, about).map(({ cause, cases }) => [cause, ...cases]);

const change = (changes: Partial<EnvironmentChange>): EnvironmentChange => ({
  key: "gpu.0.name",
  group: "hardware",
  label: "graphics card",
  before: "A",
  after: "B",
  weight: "breaking",
  rank: 1,
  ...changes,
});

/** Four tokens equal, then another one, with the numbers that the tests vary. */
function split(numbers: {
  before?: number;
  logprob?: number;
  margin?: number;
  golden?: { logprob?: number; margin?: number };
}) {
  const { before = -0.5, logprob = -0.5, margin = 1, golden: recorded = {} } = numbers;
  const expected = completion(words, {
    logprobs: floats(length, -0.5, { 4: recorded.logprob ?? -0.5 }),
    margins: floats(length, 1, { 4: recorded.margin ?? 1 }),
  });
  const actual = splitting(4, {
    logprobs: floats(length, before, { 4: logprob }),
    margins: floats(length, 1, { 4: margin }),
  });
  return [compared(actual, { expected })];
}

test("nothing differs, nothing to explain", () => {
  expect(diagnosed([compared(same), compared(same, { id: "b" })])).toEqual([]);
});

describe("environment", () => {
  const drift = compared(splitting(2), { id: "drifted" });

  test("a breaking change explains every difference, the likeliest change first", () => {
    const changes = [change({ label: "threads", before: 2, after: null, rank: 2 }), change({})];
    expect(diagnosed([drift, compared(same)], { environmentChanges: changes })).toMatchObject([
      { cause: "environment", evidence: ["graphics card: A → B", "threads: 2 → absent"], cases: ["drifted"] },
    ]);
  });

  test("says what kind of thing changed, and what to do whether it was meant or not", () => {
    const template = change({ key: "model.chat-template", group: "model", label: "chat template" });
    const [found] = diagnosed([drift], { environmentChanges: [template, change({ rank: 2 })] });
    expect(found?.sentence).toContain("(chat template, hardware)");
    expect(found?.sentence).toMatch(/means it, record anew; where it does not, take it back; where nobody touched it/);
  });

  test("is named even when nothing differs", () => {
    expect(causesOf([compared(same)], { environmentChanges: [change({})] })).toEqual([["environment"]]);
  });

  test("control: a noted change is no cause", () => {
    expect(causesOf([compared(same)], { environmentChanges: [change({ weight: "noted" })] })).toEqual([]);
  });
});

describe("contract", () => {
  const cases = [compared(splitting(2)), compared(splitting(2), { id: "b" })];

  test("a shared change explains every difference", () => {
    expect(diagnosed(cases, { contractChanges: ["engine.args.threads 2 → 4"] })).toMatchObject([
      { cause: "contract", evidence: ["engine.args.threads 2 → 4"], cases: ["a", "b"] },
    ]);
  });

  test("a change of one case explains that case only", () => {
    const caseContractChanges = new Map([["b", ["sampling.seed 42 → 43"]]]);
    const [contract, other] = diagnosed(cases, { caseContractChanges });
    expect(contract).toMatchObject({ cause: "contract", evidence: ["b: sampling.seed 42 → 43"], cases: ["b"] });
    expect(other?.cases).toEqual(["a"]);
  });

  test("comes beside a changed environment", () => {
    const about = { environmentChanges: [change({})], contractChanges: ["model.name x → y"] };
    expect(causesOf(cases, about)).toEqual([["environment", "a", "b"], ["contract"]]);
  });

  test("control: a case without changes is not explained by an empty list", () => {
    expect(causesOf([compared(same)], { caseContractChanges: new Map([["a", []]]) })).toEqual([]);
  });
});

describe("tokenizer", () => {
  test("other prompt ids are named with their place", () => {
    const actual = splitting(2, { promptTokenIds: Uint32Array.of(1, 5, 3, 4) });
    expect(diagnosed([compared(actual)])).toMatchObject([
      {
        cause: "tokenizer",
        evidence: ["a: the prompt token ids differ from position 1 on: recorded id 2, now id 5"],
        cases: ["a"],
      },
    ]);
    const longer = completion(words, { promptTokenIds: Uint32Array.of(1, 2, 3, 4) });
    expect(diagnosed([compared(longer)])[0]?.evidence).toEqual([
      "a: the prompt token ids differ from position 3 on: recorded the end of the prompt, now id 4",
    ]);
  });

  test("on tier text it explains a difference of the text", () => {
    const actual = splitting(2, { promptTokenIds: Uint32Array.of(1) });
    expect(causesOf([compared(actual, { tier: "text" })])).toEqual([["tokenizer", "a"]]);
  });

  test.each([
    ["equal ids", Uint32Array.of(1, 2, 3)],
    ["ids that the engine does not tell", null],
  ])("control: not with %s", (_, promptTokenIds) => {
    expect(causesOf([compared(splitting(2, { promptTokenIds }))]).flat()).not.toContain("tokenizer");
  });
});

describe("unstable engine", () => {
  test("explains the cases that disagree with themselves, not the others", () => {
    const found = diagnosed(
      [compared(splitting(2)), ...split({ before: -0.501, margin: 0.01 })].map((one, index) => ({
        ...one,
        caseId: index === 0 ? compared(same, { id: "shaky" }).caseId : one.caseId,
      })),
      {
        unstableCases: ["shaky"],
      },
    );
    expect(found).toMatchObject([
      {
        cause: "unstable-engine",
        evidence: [
          "1 of 2 cases answered differently when asked again in this run",
          "shaky: equal to the golden for 2 of 6 tokens",
        ],
        cases: ["shaky"],
      },
      { cause: "numerics", cases: ["a"] },
    ]);
  });
});

describe("weights", () => {
  const moved = (delta: number, id: string) =>
    compared(splitting(3, { logprobs: floats(length, -0.5 - delta) }), { id });

  test("clearly other probabilities at position 0 of every case", () => {
    expect(diagnosed([moved(0.2, "a"), moved(0.4, "b"), moved(0.01, "c")])).toMatchObject([
      {
        cause: "weights",
        evidence: [
          "position 0 differs in 3 of 3 comparable cases: median 0.2 nats, greatest 0.4 nats, least 0.01 nats",
          "rounding explains up to 0.125 nats",
        ],
        cases: ["a", "b", "c"],
      },
    ]);
  });

  test("outputs that part at once are judged by their most likely token", () => {
    const expected = completion(words, { margins: floats(length, 2) });
    const actual = splitting(0, { logprobs: floats(length, -1.5), margins: floats(length, 0.5) });
    expect(causesOf([compared(actual, { expected })])).toEqual([["weights", "a"]]);
  });

  test.each([
    ["when one case has equal bits there", [moved(0.4, "a"), moved(0.4, "b"), compared(same, { id: "c" })]],
    ["when most differ as little as rounding", [moved(0.4, "a"), moved(0.1, "b"), moved(0.1, "c")]],
    [
      "when another draw at position 0 has another log-probability",
      split({}).concat(
        compared(splitting(0, { logprobs: floats(length, -3), margins: floats(length, -2.5) }), { id: "b" }),
      ),
    ],
    ["when only a changed case differs so", [moved(0.001, "a"), moved(0.4, "b")]],
  ] as const)("control: not %s", (name, comparisons) => {
    const caseContractChanges = new Map(name.includes("changed case") ? [["b", ["sampling.seed 1 → 2"]]] : []);
    expect(causesOf(comparisons, { caseContractChanges }).flat()).not.toContain("weights");
  });
});

describe("sampler", () => {
  test("equal bits before the split, and a less likely token drawn from the same probabilities", () => {
    expect(diagnosed(split({ logprob: -2, margin: -1.5 }))).toMatchObject([
      {
        cause: "sampler",
        evidence: [
          "a: 4 log-probabilities before token 4 equal in every bit; the most likely token there differs by 0 nats",
        ],
      },
    ]);
  });

  test("without margins the equal bits have to do", () => {
    expect(causesOf([compared({ ...splitting(3), margins: null })])).toEqual([["sampler", "a"]]);
  });

  test("at position 0 the equal most likely token has to do", () => {
    const actual = splitting(0, { logprobs: floats(length, -3), margins: floats(length, -2.5) });
    expect(causesOf([compared(actual)])).toEqual([["sampler", "a"]]);
  });

  test.each([
    ["with a bit of drift before the split", split({ before: -0.50000006, logprob: -2, margin: -1.5 })],
    ["when both tokens were the most likely one", split({ margin: 1 })],
    ["when the most likely token at the split is another", split({ logprob: -2, margin: -1 })],
    ["at position 0 without margins", [compared({ ...splitting(0), margins: null })]],
    ["without log-probabilities", [compared({ ...splitting(3), logprobs: null })]],
    ["when the output only ends earlier", [compared(completion(words.slice(0, 3)))]],
  ])("control: not %s", (_, comparisons) => {
    expect(causesOf(comparisons).flat()).not.toContain("sampler");
  });
});

describe("numerics", () => {
  test("small differences, then a near tie tips; noted changes are shown", () => {
    const noted = change({ label: "driver", before: "550", after: "560", weight: "noted" });
    expect(
      diagnosed(split({ before: -0.503, logprob: -0.7, margin: 0.02 }), { environmentChanges: [noted] }),
    ).toMatchObject([
      {
        cause: "numerics",
        evidence: [
          "a: 4 of 4 positions before token 4 differ, by 0.003 nats on average; margin at the split 0.02 nats",
          "also changed: driver: 550 → 560",
        ],
      },
    ]);
  });

  test("a draw is a close choice too", () => {
    expect(causesOf(split({ before: -0.503, logprob: -2, margin: -1.5 }))).toEqual([["numerics", "a"]]);
  });

  test("rounding that shows only at the split counts", () => {
    expect(causesOf(split({ logprob: -0.51, margin: 0.01, golden: { margin: 0.01 } }))).toEqual([["numerics", "a"]]);
  });

  test("an output that ends at a near tie counts", () => {
    const recorded = completion(words, { margins: floats(length, 0.1) });
    const actual = completion(words.slice(0, 3), { logprobs: floats(3, -0.501) });
    expect(causesOf([compared(actual, { expected: recorded })])).toEqual([["numerics", "a"]]);
  });

  test.each([
    ["without any difference", split({ margin: 0.02, golden: { margin: 0.02 } })],
    ["with a clear margin on both sides", split({ before: -0.503, margin: 0.5 })],
    ["with more than rounding before the split", split({ before: -0.7, margin: 0.02 })],
    ["with another best token far off at the split", split({ before: -0.503, logprob: -1, margin: 0.02 })],
    ["without log-probabilities", [compared({ ...splitting(3, { margins: floats(length, 0.01) }), logprobs: null })]],
  ])("control: not %s", (_, comparisons) => {
    // A matching case keeps `weights` away, which would come first.
    expect(causesOf([...comparisons, compared(same, { id: "control" })]).flat()).not.toContain("numerics");
  });
});

describe("stop condition", () => {
  test.each([
    ["ends earlier", completion(words.slice(0, 3)), "a: recorded 6 tokens, now 3, equal up to the shorter end"],
    ["goes on", completion([...words, "!"]), "a: recorded 6 tokens, now 7, equal up to the shorter end"],
    [
      "goes on and was stopped",
      abortedAfter(completion([...words, "!", "?"]), 7),
      "a: recorded 6 tokens, now 7, equal up to the shorter end",
    ],
    [
      "ends for another reason",
      { ...same, finishReason: "length" as const },
      "a: recorded finish reason stop, now length, after 6 tokens",
    ],
  ])("an output that %s", (_, actual, evidence) => {
    expect(diagnosed([compared(actual)])).toMatchObject([{ cause: "stop-condition", evidence: [evidence] }]);
  });

  test("is seen in text alone", () => {
    const plain = (text: string) =>
      completion([], { tokenIds: null, logprobs: null, margins: null, textEnds: null, text });
    expect(causesOf([compared(plain("one"), { tier: "text", expected: plain("one two") })])).toEqual([
      ["stop-condition", "a"],
    ]);
  });

  test.each([
    ["a token differs", compared(splitting(2))],
    ["the gate cut the completion", compared(abortedAfter(same, length))],
    ["probabilities were far apart before", compared(completion(words.slice(0, 3), { logprobs: floats(3, -0.9) }))],
  ])("control: not when %s", (_, comparison) => {
    expect(causesOf([comparison, compared(same, { id: "control" })]).flat()).not.toContain("stop-condition");
  });
});

describe("detokenizer", () => {
  const otherText = { ...same, text: same.text.toUpperCase() };

  test("equal ids, another text", () => {
    expect(diagnosed([compared(otherText)])).toMatchObject([
      { cause: "detokenizer", evidence: ["a: all 6 token ids equal, the text differs from character 1 on"] },
    ]);
    expect(causesOf([compared(otherText, { tier: "text" })])).toEqual([["detokenizer", "a"]]);
  });

  test("control: not when ids differ or are not known", () => {
    expect(causesOf([compared(splitting(2), { tier: "text" })]).flat()).not.toContain("detokenizer");
    const blind = { tokenIds: null, logprobs: null, margins: null };
    const comparison = compared({ ...otherText, ...blind }, { tier: "text", expected: { ...same, ...blind } });
    expect(causesOf([comparison]).flat()).not.toContain("detokenizer");
  });
});

describe("silent drift", () => {
  const drifted = completion(words, { logprobs: floats(length, -0.5, { 2: -0.503, 3: -0.501 }) });

  test.each(["bits", "tokens", "close"] as const)("equal ids, other log-probabilities, on tier %s", (tier) => {
    expect(diagnosed([compared(drifted, { tier })])).toMatchObject([
      {
        cause: "silent-drift",
        evidence: ["a: 2 of 6 positions differ, first at token 2, by 0.000667 nats on average and 0.003 nats at most"],
      },
    ]);
  });

  test("is seen when the gate stopped the completion there", () => {
    expect(causesOf([compared(abortedAfter(drifted, 3), { tier: "bits" })])).toEqual([["silent-drift", "a"]]);
  });

  test("control: not with equal bits, nor where a token differs", () => {
    expect(causesOf([compared(same, { tier: "bits" })])).toEqual([]);
    expect(causesOf(split({ before: -0.503 })).flat()).not.toContain("silent-drift");
  });

  test("control: log-probabilities that are missing are not drift", () => {
    expect(causesOf([compared({ ...same, logprobs: null }, { tier: "bits" })])).toEqual([["unknown", "a"]]);
  });
});

describe("unknown says what to look at", () => {
  const hidden = {
    promptTokenIds: null,
    tokenIds: digest("1"),
    logprobs: null,
    text: digest("2"),
    outputDigest: null,
    tokenCount: 6,
    finishReason: "stop",
  } as const;
  const silent = { logprobs: null, margins: null };
  const blind = { ...silent, tokenIds: null };

  test.each([
    ["another output", compared({ ...same, outputDigest: digest("a") }), "compare what the program wrote"],
    ["a cut completion", compared(abortedAfter(same, length)), "--keep-going"],
    [
      "redaction",
      compareRedacted(redactedGolden(hidden), { ...hidden, tokenIds: digest("3") }, policy("tokens")),
      "without redaction",
    ],
    [
      "text alone",
      compared({ ...splitting(2), ...blind }, { tier: "text", expected: { ...same, ...blind } }),
      "no token ids",
    ],
    ["no log-probabilities", compared({ ...splitting(2), ...silent }), "sampling.logprobs"],
    ["large differences", split({ before: -0.9, margin: 1 })[0], "fits neither rounding nor another draw"],
    [
      "numbers that are equal up to the split",
      split({ margin: 1 })[0],
      "a: no log-probability before token 4 differs, margin",
    ],
  ])("for %s", (_, comparison, words) => {
    const found = diagnosed(comparison === undefined ? [] : [comparison, compared(same, { id: "control" })]);
    expect(found.map(({ cause }) => cause)).toEqual(["unknown"]);
    expect(found[0]?.evidence.join("\n")).toContain(words);
  });
});

describe("several causes", () => {
  test("are ranked in reading order and share no case", () => {
    const found = diagnosed(
      [
        compared(same, { id: "fine" }),
        compared({ ...same, text: "?" }, { id: "text" }),
        compared(completion(words.slice(0, 3)), { id: "end" }),
        compared(splitting(2, { promptTokenIds: Uint32Array.of(9) }), { id: "prompt" }),
        compared(splitting(2), { id: "shaky" }),
      ],
      { unstableCases: ["shaky"] },
    );
    expect(found.map(({ cause, cases }) => [cause, ...cases])).toEqual([
      ["tokenizer", "prompt"],
      ["unstable-engine", "shaky"],
      ["stop-condition", "end"],
      ["detokenizer", "text"],
    ]);
    const order = found.map(({ cause }) => causes.indexOf(cause));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test("long evidence is cut with the number left out", () => {
    const many = Array.from({ length: 8 }, (_, index) =>
      compared(completion(words.slice(0, 3)), { id: `case-${index}` }),
    );
    expect(diagnosed(many)[0]?.evidence.at(-1)).toBe("and 3 more");
    expect(diagnosed(many)[0]?.cases).toHaveLength(8);
  });
});
