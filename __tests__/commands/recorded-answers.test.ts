import { describe, expect, test } from "@jest/globals";
import { RecordedAnswers } from "../../src/commands/recorded-answers.ts";
import type { Case, Tier } from "../../src/model/case.ts";
import type { Completion } from "../../src/model/completion.ts";
import { caseOf } from "../engines/sample-suite.ts";

const answer = (over: Partial<Completion> = {}): Completion => ({
  promptTokenIds: Uint32Array.of(1),
  tokenIds: Uint32Array.of(5, 6, 7),
  logprobs: Float32Array.of(-0.1, -0.2, -0.3),
  margins: null,
  textEnds: null,
  text: "abc",
  outputDigest: null,
  finishReason: "length",
  ...over,
});
const onTier = (tier: Tier): Case => ({ ...caseOf(), compare: { tier, maxLogprobDelta: 0, nearTie: 0 } });

function repeatsOf(item: Case, ...answers: Completion[]) {
  const recorded = new RecordedAnswers();
  answers.forEach((completion, index) => {
    recorded.take(item, completion, { launch: 1 + (index >> 1), repeat: 1 + (index & 1) });
  });
  return recorded;
}

describe("the repeats of a recording", () => {
  const item = onTier("tokens");
  const otherBits = answer({ logprobs: Float32Array.of(-0.1, -0.2, -0.25) });
  const otherToken = answer({ tokenIds: Uint32Array.of(5, 6, 8), text: "abd" });

  test("agree on bits when every log-probability is the same", () => {
    expect(repeatsOf(item, answer(), answer(), answer(), answer()).of(item.id)).toMatchObject({
      kind: "stable",
      agreed: "bits",
    });
  });

  test("agree on tokens only when one log-probability differs, which is enough for the tier tokens", () => {
    expect(repeatsOf(item, answer(), answer(), otherBits, answer()).of(item.id)).toMatchObject({
      kind: "stable",
      agreed: "tokens",
    });
  });

  test("are not enough for the tier bits then", () => {
    const strict = onTier("bits");
    expect(repeatsOf(strict, answer(), otherBits).of(strict.id)).toMatchObject({
      kind: "unstable",
      at: { launch: 1, repeat: 2 },
      split: { kind: "logprob", tokenIndex: 2 },
    });
  });

  test("name the first repeat that parts from the first answer, and where", () => {
    const recorded = repeatsOf(item, answer(), answer(), otherToken, answer());
    expect(recorded.of(item.id)).toMatchObject({
      kind: "unstable",
      at: { launch: 2, repeat: 1 },
      split: { kind: "token", tokenIndex: 2 },
    });
    expect(recorded.isOpen(item.id)).toBe(false);
  });

  test("are stopped at the first token that differs, and counted", () => {
    const recorded = repeatsOf(item, answer());
    const watch = recorded.watch(item.id);
    const token = (index: number, id: number) => watch({ index, id, logprob: null, margin: null, text: "" });
    expect([token(0, 5), token(1, 6), token(2, 8), token(3, 9)]).toEqual(["continue", "continue", "stop", "stop"]);
    expect(recorded.tokensOf(item.id)).toBe(3);
  });

  test("without ids agree on the text, which the tier tokens does not take", () => {
    const noIds = answer({ tokenIds: null, logprobs: null });
    const loose = onTier("text");
    expect(repeatsOf(loose, noIds, noIds).of(loose.id)).toMatchObject({ kind: "stable", agreed: "text" });
    expect(repeatsOf(item, noIds, noIds).of(item.id)).toMatchObject({ kind: "unstable" });
  });
});
