import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { compareCompletion } from "../../src/compare/compare-completion.ts";
import { completion, golden, policy } from "./sample-completion.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test("what is reported of answers that differ does not keep the whole answers in memory", () => {
  const [cases, length] = [40, 1_000_000];
  const without = { tokenIds: null, logprobs: null, margins: null, textEnds: null };
  // A text of its own for each, as an engine streams it.
  const answerOf = (seed: number, end: string) =>
    completion([], { ...without, text: `${Buffer.alloc(length, `answer ${seed} \n`).toString("latin1")}${end}` });
  const before = heldBytes();
  const divergences = Array.from({ length: cases }, (_, seed) => {
    const expected = golden(answerOf(seed, "the end of one"));
    return compareCompletion(expected, answerOf(seed, "another end"), policy("text")).divergence;
  });
  expect(heldBytes() - before).toBeLessThan((cases * length) / 4);
  expect(divergences.map((divergence) => divergence?.before.length)).toEqual(Array(cases).fill(240));
});
