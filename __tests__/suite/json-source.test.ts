import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Problem } from "../../src/model/problem.ts";
import { parseJsonLine } from "../../src/suite/json-source.ts";
import { locationOf, locationOfKey } from "../../src/suite/source-tree.ts";

function parse(text: string) {
  const problems: Problem[] = [];
  return { source: parseJsonLine("p.jsonl", text, 7, problems), problems };
}

const plainText = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0") && text !== "__proto__");
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    plainText,
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
      .map((number) => (number === 0 ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(plainText, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe("parseJsonLine", () => {
  test("reads what JSON.parse reads, however it is spaced", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
        const { source, problems } = parse(JSON.stringify(value, null, indent));
        expect(problems).toEqual([]);
        expect(source?.root.value).toEqual(value);
      }),
    );
  });

  test("refuses what JSON.parse refuses", () => {
    fc.assert(
      fc.property(json, fc.nat(), fc.constantFrom("", ",", "}", "]", '"', "x", "\\"), (value, where, insert) => {
        const text = JSON.stringify(value);
        const at = where % (text.length + 1);
        const spoiled = text.slice(0, at) + insert + text.slice(insert === "" ? at + 1 : at);
        let expected: unknown = "refused";
        try {
          expected = JSON.parse(spoiled);
        } catch {}
        const { source, problems } = parse(spoiled);
        if (expected === "refused") {
          expect(source).toBeNull();
          expect(problems.map((problem) => problem.code)).toEqual(["suite/json-syntax"]);
        } else {
          expect(source).not.toBeNull();
        }
      }),
    );
  });

  test("knows the column of every value and key", () => {
    const { source } = parse('{"id": "a", "sampling": {"seed": 1}, "stop": [1, 22]}');
    if (source === null) throw new Error("not parsed");
    expect(locationOf(source, ["sampling", "seed"])).toEqual({ file: "p.jsonl", line: 7, column: 34 });
    expect(locationOfKey(source, ["sampling", "seed"])).toEqual({ file: "p.jsonl", line: 7, column: 26 });
    expect(locationOf(source, ["stop", 1])).toEqual({ file: "p.jsonl", line: 7, column: 50 });
    expect(locationOf(source, ["sampling", "top_p"])).toEqual({ file: "p.jsonl", line: 7, column: 13 });
  });

  test.each([
    ['{"a": 1', 8, '"," or "}"', "the end of the line"],
    ['{"a": 1,}', 9, "a key in double quotes", '"}"'],
    ['{"a" 1}', 6, '":" after the key', '"1}"'],
    ["{a: 1}", 2, "a key in double quotes", '"a: 1}"'],
    ['{"a": tru}', 7, "a value", '"tru}"'],
    ["[1 2]", 4, '"," or "]"', '"2]"'],
    ['{"a": "x', 7, "a closing double quote", '"\\"x"'],
    ['{"a": "\\q"}', 7, "a text whose quotes, backslashes and control characters are escaped", '"\\"\\\\q\\"}"'],
    ["{} {}", 4, "nothing after the value", '"{}"'],
    ["01", 2, "nothing after the value", '"1"'],
    ["", 1, "a value", "the end of the line"],
  ])("names the place and what was expected in %j", (text, column, expected, found) => {
    expect(parse(text).problems).toMatchObject([
      { code: "suite/json-syntax", location: { file: "p.jsonl", line: 7, column }, expected, found },
    ]);
  });

  test.each([
    ['{"a": 1, "b": 2, "a": 3}', "suite/duplicate-key", 18, "a second a; the first is on line 7"],
    ['{"a": "x\\u0000"}', "suite/unsuitable-text", 7, "NUL (U+0000) at character 2"],
    ['{"a": "\\ud83d!"}', "suite/unsuitable-text", 7, "lone surrogate U+D83D at character 1"],
    ['{"a": 12345678901234567890}', "suite/number-not-exact", 7, "12345678901234567890"],
    ['{"a": 1e999}', "suite/number-not-exact", 7, "1e999"],
    ['{"__proto__": 1 , "a": 2}', "suite/unsuitable-key", 2, "the key __proto__"],
  ])("refuses %s", (text, code, column, found) => {
    expect(parse(text).problems).toMatchObject([{ code, location: { line: 7, column }, found }]);
  });

  test("does not run out of stack on deep nesting or on a text of 8 MB", () => {
    expect(parse("[".repeat(200_000)).problems).toMatchObject([{ expected: "at most 64 levels of nesting" }]);
    const long = 'x\n"\\'.repeat(2_000_000);
    expect(parse(JSON.stringify({ prompt: long })).source?.root.value).toEqual({ prompt: long });
  });
});
