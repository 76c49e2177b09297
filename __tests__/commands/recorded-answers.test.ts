import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { RecordedAnswers } from "../../src/commands/recorded-answers.ts";
import type { Case, Tier } from "../../src/model/case.ts";
import type { Completion } from "../../src/model/completion.ts";
import { type KeptAnswers, keptAnswers } from "../../src/replay/kept-answers.ts";
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

let folder: string;
let kept: KeptAnswers;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recorded-answers-"));
  kept = keptAnswers(folder);
});
afterEach(async () => {
  await kept.close();
  await rm(folder, { recursive: true });
});

async function repeatsOf(item: Case, ...answers: Completion[]) {
  const recorded = new RecordedAnswers(kept);
  for (const [index, completion] of answers.entries())
    await recorded.take(item, completion, { launch: 1 + (index >> 1), repeat: 1 + (index & 1) });
  return recorded;
}

describe("the repeats of a recording", () => {
  const item = onTier("tokens");
  const otherBits = answer({ logprobs: Float32Array.of(-0.1, -0.2, -0.25) });
  const otherToken = answer({ tokenIds: Uint32Array.of(5, 6, 8), text: "abd" });

  test("agree on bits when every log-probability is the same", async () => {
    expect((await repeatsOf(item, answer(), answer(), answer(), answer())).of(item.id)).toMatchObject({
      kind: "stable",
      agreed: "bits",
    });
  });

  test("agree on tokens only when one log-probability differs, which is enough for the tier tokens", async () => {
    expect((await repeatsOf(item, answer(), answer(), otherBits, answer())).of(item.id)).toMatchObject({
      kind: "stable",
      agreed: "tokens",
    });
  });

  test("are not enough for the tier bits then", async () => {
    const strict = onTier("bits");
    expect((await repeatsOf(strict, answer(), otherBits)).of(strict.id)).toMatchObject({
      kind: "unstable",
      at: { launch: 1, repeat: 2 },
      split: { kind: "logprob", tokenIndex: 2 },
    });
  });

  test("name the first repeat that parts from the first answer, and where", async () => {
    const recorded = await repeatsOf(item, answer(), answer(), otherToken, answer());
    expect(recorded.of(item.id)).toMatchObject({
      kind: "unstable",
      at: { launch: 2, repeat: 1 },
      split: { kind: "token", tokenIndex: 2 },
    });
    expect(recorded.isOpen(item.id)).toBe(false);
  });

  test("are stopped at the first token that differs, and counted", async () => {
    const recorded = await repeatsOf(item, answer());
    const watch = await recorded.watch(item.id);
    const token = (index: number, id: number) => watch({ index, id, logprob: null, margin: null, text: "" });
    expect([token(0, 5), token(1, 6), token(2, 8), token(3, 9)]).toEqual(["continue", "continue", "stop", "stop"]);
    expect(recorded.tokensOf(item.id)).toBe(3);
  });

  test("without ids agree on the text, which the tier tokens does not take", async () => {
    const noIds = answer({ tokenIds: null, logprobs: null });
    const loose = onTier("text");
    expect((await repeatsOf(loose, noIds, noIds)).of(loose.id)).toMatchObject({ kind: "stable", agreed: "text" });
    expect((await repeatsOf(item, noIds, noIds)).of(item.id)).toMatchObject({ kind: "unstable" });
  });
});
