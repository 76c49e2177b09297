import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { jsonMistake, jsonPlaceOf } from "../../src/platform/json-places.ts";

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("the first mistake of a JSON text", () => {
  test("there is one exactly when JSON.parse refuses the text", () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", '"', ",", "}", "[", "\\", "0", "\n", "-", "e", "t"))
      .map(
        ([text, at, piece]) =>
          `${text.slice(0, at % (text.length + 1))}${piece}${text.slice((at % (text.length + 1)) + 1)}`,
      );
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), damaged, fc.string({ unit: fc.constantFrom(...'[]{}:,"\\ntru1-.e0 ') })),
        (text) => {
          expect(jsonMistake(text) === null).toBe(isJson(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{"a": 1,\n "b": [1, 2', 2, 12, "the end of the text", '"," or "]"'],
    ['{"a": 1,\n "b" 2}', 2, 6, '"2"', '":"'],
    ['{"a": 1,}', 1, 9, '"}"', "a field name in double quotes"],
    ['["a\tb"]', 1, 4, '"\\t"', "a control character written as an escape, such as \\n"],
    ['["a', 1, 4, "the end of the text", 'the closing " of a text'],
    ["[1] 2", 1, 5, '"2"', "nothing more"],
    ["\ufeff{}", 1, 1, '"\ufeff"', "a JSON value"],
    ["[tru", 1, 5, "the end of the text", "true"],
    ["", 1, 1, "the end of the text", "a JSON value"],
  ])("%j", (text, line, column, found, expected) => {
    const isCutShort = found === "the end of the text";
    expect(jsonMistake(text)).toEqual({ place: { line, column }, found, expected, isCutShort });
  });

  test("every proper beginning of an object is cut short", () => {
    const text = JSON.stringify({ a: [1.5e3, true, null, "x\u2028\\"], é: { b: -1 } });
    for (let end = 0; end < text.length; end += 1) expect(jsonMistake(text.slice(0, end))?.isCutShort).toBe(true);
  });

  test("nesting that only serves to exhaust a reader is refused and does not exhaust it", () => {
    expect(jsonMistake("[".repeat(100_000))?.expected).toBe("at most 512 levels");
  });
});

describe("the place of a value", () => {
  const text = '{\n  "a": {\n    "b": [1,\n 2]\n  },\n  "é😀": 3}';

  test.each([
    [["a"], 2, 8],
    [["a", "b", 1], 4, 2],
    [["é😀"], 6, 10],
    [["a", "missing", "deep"], 2, 8],
    [["missing"], 1, 1],
  ])("%j", (path, line, column) => {
    expect(jsonPlaceOf(text, path)).toEqual({ line, column });
  });
});
