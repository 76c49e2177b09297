import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { textDiff } from "../../src/report/text-diff.ts";

const shown = (before: string, after: string) =>
  textDiff(before, after).map(({ kind, text, lines }) =>
    kind === "skipped" ? `@${lines}` : `${{ same: " ", removed: "-", added: "+" }[kind]}${text}`,
  );
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join("");

describe("the difference of two texts", () => {
  test("of equal texts is nothing", () => {
    expect(textDiff("a\nb\n", "a\nb\n")).toEqual([]);
    expect(textDiff("", "")).toEqual([]);
  });

  test("shows three equal lines around a change and counts the others", () => {
    expect(shown(numbered(1, 20), `${numbered(1, 9)}ten\n${numbered(11, 20)}`)).toEqual([
      ...["@6", " 7", " 8", " 9", "-10", "+ten", " 11", " 12", " 13", "@7"],
    ]);
  });

  test("shows a line end that is all that differs", () => {
    expect(shown("a\nb\n", "a\nb")).toEqual([" a", "-b⏎", "+b"]);
    expect(shown("a\nb", "a\nb\nc")).toEqual([" a", "-b", "+b⏎", "+c"]);
    expect(shown("a\nb", "a\nc\n")).toEqual([" a", "-b", "+c"]);
    expect(shown("null\n", "")).toEqual(["-null"]);
  });

  test("of texts with nothing in common shows all of both, soon", () => {
    const other = Array.from({ length: 30_000 }, (_, index) => `x${index}\n`).join("");
    const lines = textDiff(numbered(1, 30_000), other);
    expect(lines).toHaveLength(60_000);
    expect(lines.every(({ kind }) => kind !== "same")).toBe(true);
  });

  test("holds every line of both, in order, equal ones once", () => {
    const text = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "\n"), { maxLength: 30 }).map((lines) => lines.join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = textDiff(before, after);
        const count = (...kinds: readonly string[]) =>
          lines.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { lines: number }) => sum + number, 0);
        if (before === after) return expect(lines).toEqual([]);
        expect(count("same", "skipped", "removed")).toBe(before.split("\n").length - 1);
        expect(count("same", "skipped", "added")).toBe(after.split("\n").length - 1);
      }),
    );
  });
});
