import { describe, expect, test } from "@jest/globals";
import { pythonValue } from "./run-python.ts";

const head = `
from inference_gate.sampling_fields import arguments, check_names
from inference_gate.refusal import Refused
class Params:
    def __init__(self, n=1, temperature=1.0, seed=None, bad_words=None, output_kind=0, detokenize=True, _private=0): pass
def told(work):
    try: return work()
    except Refused as refused: return [refused.reason, refused.subject, refused.found, refused.expected]
`;
const value = (expression: string) => pythonValue(`${head}result = told(lambda: ${expression})`);

describe("sampling fields against the installed version", () => {
  test("take every public field by its name", () => {
    expect(value('arguments({"temperature": 0.5, "seed": 3}, {"bad_words": ["x"]}, Params, "fake 1")')).toEqual({
      temperature: 0.5,
      seed: 3,
      bad_words: ["x"],
    });
  });

  test("leave out a field that the version does not have, where it is neutral, and refuse it otherwise", () => {
    expect(value('arguments({"temperature": 1, "min_p": 0}, {}, Params, "fake 1")')).toEqual({ temperature: 1 });
    expect(value('arguments({"min_p": 0.1}, {}, Params, "fake 1")')).toEqual([
      "sampling-field-unknown",
      "min_p",
      "no such field in fake 1",
      "a version that has it",
    ]);
  });

  test.each([
    [0, 0],
    [-1, -1],
  ])("say that top_k is off as a version with the default %d says it", (fallback, sent) => {
    const older = `type("Older", (), {"__init__": lambda self, top_k=${fallback}: None})`;
    expect(value(`arguments({"top_k": 0}, {}, ${older}, "fake 1")`)).toEqual({ top_k: sent });
    expect(value(`arguments({"top_k": 5}, {}, ${older}, "fake 1")`)).toEqual({ top_k: 5 });
  });

  test.each([
    ["bad_word", ["sampling-field-unknown", "bad_word", "no such field in fake 1", "bad_words?"]],
    ["zzz", ["sampling-field-unknown", "zzz", "no such field in fake 1", "bad_words, seed, temperature"]],
    ["_private", ["sampling-field-unknown", "_private", "no such field in fake 1", "bad_words, seed, temperature"]],
    ["output_kind", ["sampling-field-owned", "output_kind", "sampling.output_kind", "tokens are sent as they come"]],
  ])("refuse %s", (name, refused) => {
    expect(value(`check_names(["seed", "${name}"], Params, "fake 1")`)).toEqual(refused);
  });
});
