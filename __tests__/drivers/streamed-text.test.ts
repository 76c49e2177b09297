import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { pythonValue } from "./run-python.ts";

/** A token is a byte: characters of several bytes are whole only with their last token, as with real tokenizers. */
const stream = (cases: readonly { text: string; stops: readonly string[]; from?: number }[]): unknown =>
  pythonValue(`
import json
from inference_gate.streamed_text import StreamedText
def streamed(text, stops, start):
    stream, parts = StreamedText(lambda ids: bytes(ids).decode("utf-8", "replace"), stops), []
    for count, byte in enumerate(text.encode("utf-8"), 1):
        parts.append(stream.add(byte, count > start))
        if stream.stopped: break
    return {"parts": parts, "rest": stream.rest(), "stopped": stream.stopped}
result = [streamed(case["text"], case["stops"], case.get("from", 0)) for case in json.loads(${JSON.stringify(
    JSON.stringify(cases),
  )})]
`);

describe("text as tokens come", () => {
  test("tells a character when it is whole", () => {
    expect(stream([{ text: "aé🎉", stops: [] }])).toEqual([
      { parts: ["a", "", "é", "", "", "", "🎉"], rest: "", stopped: false },
    ]);
  });

  test("ends before a stop text, of which nothing was told", () => {
    expect(stream([{ text: "one two three", stops: ["two", "xyz9"] }])).toEqual([
      { parts: ["", "", "", "o", "n", "e", " "], rest: "", stopped: true },
    ]);
  });

  test("holds back what may begin a stop text, and tells it at the end", () => {
    expect(stream([{ text: "ab", stops: ["abc"] }])).toEqual([{ parts: ["", ""], rest: "ab", stopped: false }]);
  });

  test("takes no stop text before the least number of tokens", () => {
    expect(stream([{ text: "x.y.z", stops: ["."], from: 3 }])).toEqual([
      { parts: ["x", ".", "y", ""], rest: "", stopped: true },
    ]);
  });

  test("is the whole text in the end, or all of it before the first stop text", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "é", "🎉"), maxLength: 12 });
    const stop = fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 1, maxLength: 3 });
    const cases = fc.sample(fc.record({ text: letters, stops: fc.array(stop, { maxLength: 2 }) }), 300);
    const told = stream(cases) as { parts: string[]; rest: string; stopped: boolean }[];
    for (const [index, { text, stops }] of cases.entries()) {
      const { parts, rest, stopped } = told[index] ?? { parts: [], rest: "", stopped: false };
      const shown = parts.join("") + rest;
      if (!stopped) expect([shown, stops.filter((one) => text.includes(one))]).toEqual([text, []]);
      else {
        const [end = ""] = stops.filter((one) => text.startsWith(shown + one));
        expect({ text, stops, shown, end: end === "" }).toEqual({ text, stops, shown, end: false });
      }
    }
  });
});
