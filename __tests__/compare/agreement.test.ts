import { describe, expect, test } from "@jest/globals";
import { agreement } from "../../src/compare/agreement.ts";
import type { Completion } from "../../src/model/completion.ts";
import { abortedAfter, completion, digest, floats } from "./sample-completion.ts";

const words = ["The", " cat", " sat", "."];
const same = completion(words);
const drifted = completion(words, { logprobs: floats(4, -0.5, { 2: -0.6 }) });
const other = completion(["The", " cat", " lay", "."]);
const blind = (text: string): Completion => completion([], { tokenIds: null, logprobs: null, margins: null, text });

describe("repeats agree on", () => {
  test.each([
    ["every bit", [same, same, completion(words)], "bits"],
    ["a single repeat, with itself", [same], "bits"],
    ["ids and text, when the engine gives no log-probabilities", [{ ...same, logprobs: null }, same], "tokens"],
    ["text, when the engine gives no ids", [blind("a"), blind("a")], "text"],
    ["an output digest", [completion([], { tokenIds: null, outputDigest: digest("a") })], "text"],
  ] as const)("%s", (_, repeats, agreed) => {
    expect(agreement(repeats)).toEqual({ agreed, splits: null });
  });
});

describe("repeats part", () => {
  test.each([
    ["in a bit", [same, same, drifted], "tokens", { repeat: 2, divergence: { kind: "logprob", tokenIndex: 2 } }],
    ["in a token", [same, other], "none", { repeat: 1, divergence: { kind: "token", tokenIndex: 2 } }],
    [
      "most in the one that is named",
      [same, drifted, other, other],
      "none",
      { repeat: 2, divergence: { kind: "token" } },
    ],
    [
      "in ids under the same text",
      [same, completion(["The", " cat", " s", "at."])],
      "text",
      { divergence: { kind: "token" } },
    ],
    ["in text without ids", [blind("ab"), blind("ac")], "none", { divergence: { kind: "text", textOffset: 1 } }],
    ["in length", [same, completion(words.slice(0, 3))], "none", { divergence: { kind: "length" } }],
    [
      "in the finish reason",
      [same, { ...same, finishReason: "length" }],
      "none",
      { divergence: { kind: "finish-reason" } },
    ],
  ] as const)("%s", (_, repeats, agreed, splits) => {
    expect(agreement(repeats)).toMatchObject({ agreed, splits });
  });
});

describe("a repeat that the gate aborted", () => {
  test("agrees as far as it went, whichever comes first", () => {
    expect(agreement([same, abortedAfter(same, 2)]).agreed).toBe("bits");
    expect(agreement([abortedAfter(same, 2), same]).agreed).toBe("bits");
    expect(agreement([abortedAfter(same, 3), abortedAfter(same, 2)]).agreed).toBe("bits");
    expect(agreement([same, abortedAfter({ ...drifted }, 2)]).agreed).toBe("bits");
  });

  test("parts where it differs, and where the other had already ended", () => {
    expect(agreement([same, abortedAfter(other, 3)]).splits?.divergence.tokenIndex).toBe(2);
    expect(agreement([completion(words.slice(0, 2)), abortedAfter(same, 3)])).toMatchObject({
      agreed: "none",
      splits: { divergence: { kind: "length", tokenIndex: 2 } },
    });
  });

  test("before its first token shows nothing", () => {
    expect(agreement([same, abortedAfter(same, 0)]).agreed).toBe("none");
  });
});

test("nothing agrees on nothing", () => {
  expect(agreement([])).toEqual({ agreed: "none", splits: null });
});
