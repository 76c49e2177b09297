import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { terminalLines, terminalText, withoutCommands } from "../../../src/report/escape/terminal-text.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 4 }),
        fc.constantFrom(
          "::",
          ":",
          "##[",
          "##",
          "[",
          "##vso[",
          " ",
          "\t",
          "\n",
          "\r",
          "\x1b[2J",
          "\u202e",
          "\ud800",
          "\u00a0",
        ),
      ),
    )
    .map((parts) => parts.join("")),
);

const forbidden = /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

describe("terminalText", () => {
  test.each([
    ["\x1b[31mred\x1b[0m", "␛[31mred␛[0m"],
    ["a\nb\tc\rd\x00e\x7f", "a⏎b␉c␍d␀e␡"],
    ["\x9b31m", "\\u{9b}31m"],
    ["abc\u202edef\u2066g", "abc\\u{202e}def\\u{2066}g"],
    ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"],
    ["a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c"],
    ["a\u00a0b\u3000c", "a\\u{a0}b\\u{3000}c"],
    ["lone \ud800 surrogate", "lone \\u{d800} surrogate"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
    ["plain English, 日本語, naïve, 😀", "plain English, 日本語, naïve, 😀"],
    ["::error::boom", "\\u{3a}:error::boom"],
    ["   ::set-output name=x::y", "   \\u{3a}:set-output name=x::y"],
    ["ggml::init is no command", "ggml::init is no command"],
    ["##[error]boom", "##\\u{5b}error]boom"],
    ["x ##vso[task.complete]", "x ##vso\\u{5b}task.complete]"],
  ])("shows %j as %j", (text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });

  test("leaves nothing that a terminal or a build server obeys", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = terminalText(text);
        expect(shown).not.toMatch(forbidden);
        expect(shown).not.toMatch(/\p{Cs}/u);
        expect(shown.trimStart().startsWith("::")).toBe(false);
        expect(shown).not.toMatch(/##\w*\[/);
      }),
    );
  });

  test("changes nothing the second time", () => {
    fc.assert(fc.property(hostile, (text) => expect(terminalText(terminalText(text))).toBe(terminalText(text))));
  });

  test("tells different texts of unseen characters apart", () => {
    expect(terminalText("a b")).not.toBe(terminalText("a\u00a0b"));
    expect(terminalText("a\u200bb")).not.toBe(terminalText("a\u200cb"));
  });
});

describe("terminalLines", () => {
  test("ends a line at every kind of line end", () => {
    expect(terminalLines("a\nb\r\nc\rd\n::error::")).toEqual(["a", "b", "c", "d", "\\u{3a}:error::"]);
  });
});

describe("withoutCommands", () => {
  test("sees a command behind our colours and across them", () => {
    expect(withoutCommands("\x1b[31m::error::\x1b[0m")).toBe("\x1b[31m\\u{3a}:error::\x1b[0m");
    expect(withoutCommands(" :\x1b[1m:error::")).toBe(" \\u{3a}\x1b[1m:error::");
  });
});
