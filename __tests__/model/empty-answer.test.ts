import { expect, test } from "@jest/globals";
import type { Completion, FinishReason } from "../../src/model/completion.ts";
import { parseDigest } from "../../src/model/digest.ts";
import { isEmptyAnswer } from "../../src/model/empty-answer.ts";

const answer = (tokens: number | null, finishReason: FinishReason, text = ""): Completion => ({
  promptTokenIds: Uint32Array.of(1),
  tokenIds: tokens === null ? null : new Uint32Array(tokens).fill(2),
  logprobs: null,
  margins: null,
  textEnds: null,
  text,
  outputDigest: null,
  finishReason,
});

test.each<[string, Completion]>([
  ["nothing at all", answer(0, "stop")],
  ["nothing at all up to the limit", answer(0, "length")],
  ["no text, of an engine without ids", answer(null, "stop")],
  ["the end token alone", answer(1, "stop")],
  ["several special tokens and an end", answer(3, "stop")],
  ["special tokens up to the limit", answer(64, "length")],
])("%s is an empty answer", (_, completion) => {
  expect(isEmptyAnswer(completion)).toBe(true);
});

test.each<[string, Completion]>([
  ["a text", answer(1, "stop", "a")],
  ["a space", answer(1, "length", " ")],
  ["a text of an engine without ids", answer(null, "stop", "a")],
  ["parts of one character, cut by the limit,", answer(3, "length")],
  ["what the gate cut short", answer(1, "abort")],
  ["an output that is no text", { ...answer(null, "stop"), outputDigest: parseDigest(`sha256:${"a".repeat(64)}`) }],
])("%s is not", (_, completion) => {
  expect(isEmptyAnswer(completion)).toBe(false);
});
