import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { cutEnd, cutStart, displayWidth, padEnd, wrap, wrapHard } from "../../../src/report/escape/columns.ts";
import { terminalText } from "../../../src/report/escape/terminal-text.ts";

const shown = fc.string({ unit: "grapheme" }).map(terminalText);
const columns = fc.integer({ min: 4, max: 60 });

describe("displayWidth", () => {
  test.each([
    ["", 0],
    ["abc", 3],
    ["日本語", 6],
    ["한국어", 6],
    ["😀", 2],
    ["e\u0301", 1],
    ["ｆｕｌｌ", 8],
    ["naïve…→", 7],
  ])("%j takes %d columns", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe("cutting", () => {
  test("keeps what fits and marks what does not", () => {
    expect(cutEnd("abcdef", 6)).toBe("abcdef");
    expect(cutEnd("abcdef", 5)).toBe("abcd…");
    expect(cutStart("abcdef", 5)).toBe("…cdef");
    expect(cutEnd("日本語", 4)).toBe("日…");
    expect(cutStart("日本語", 4)).toBe("…語");
    expect(padEnd("日本", 6)).toBe("日本  ");
  });

  test("never takes more columns than allowed", () => {
    fc.assert(
      fc.property(shown, columns, (text, most) => {
        expect(displayWidth(cutEnd(text, most))).toBeLessThanOrEqual(most);
        expect(displayWidth(cutStart(text, most))).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe("wrapping", () => {
  test("breaks at spaces, and cuts a word that is too long", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("abcdefghij x", 4)).toEqual(["abcd", "efgh", "ij x"]);
    expect(wrap("", 4)).toEqual([""]);
  });

  test("never breaks a command that is to be copied", () => {
    expect(wrap("Record it: inference-gate record --mode missing", 20)).toEqual([
      "Record it:",
      "inference-gate record --mode missing",
    ]);
  });

  test("loses nothing and takes no more columns than allowed", () => {
    fc.assert(
      fc.property(shown, columns, (text, most) => {
        const lines = wrap(text, most);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("cuts hard and says that there is more", () => {
    expect(wrapHard("abcdefghij", 4, 9)).toEqual(["abcd", "efgh", "ij"]);
    expect(wrapHard("abcdefghij", 4, 2)).toEqual(["abcd", "efg…"]);
  });
});
