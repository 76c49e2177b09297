import { describe, expect, test } from "@jest/globals";
import { nearTies } from "../../src/commands/near-ties.ts";
import type { Completion } from "../../src/model/completion.ts";

const completion: Completion = {
  promptTokenIds: null,
  tokenIds: Uint32Array.of(5, 6, 7, 8),
  logprobs: null,
  margins: Float32Array.of(2, -0.25, Number.NaN, 0.5),
  textEnds: Uint32Array.of(3, 3, 6, 9),
  text: "oneTWOtri",
  outputDigest: null,
  finishReason: "stop",
};

describe("near ties of a golden", () => {
  test("are the smallest margins on either side of zero, with the text of the token", () => {
    expect(nearTies(completion, 2)).toEqual([
      { index: 1, margin: -0.25, text: "" },
      { index: 3, margin: 0.5, text: "tri" },
    ]);
  });

  test("leave out what is not known", () => {
    expect(nearTies(completion, 10).map((tie) => tie.index)).toEqual([1, 3, 0]);
    expect(nearTies({ ...completion, margins: null }, 10)).toEqual([]);
  });
});
