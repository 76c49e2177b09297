import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { markdownCode, markdownCodeBlock, markdownText } from "../../../src/report/escape/markdown.ts";
import { terminalLines, terminalText } from "../../../src/report/escape/terminal-text.ts";
import { hostileText } from "../hostile-report.ts";
import { pageOf } from "../rendered-page.ts";

/** What GitHub makes of a finished page beside its HTML: mentions, references, shortcodes. */
const active = /@\w|#\d|\bGH-\d|:[\w+-]+:|https?:\/\/|\bwww\./i;

describe("markdownText", () => {
  test("shows hostile text as itself and as nothing else", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = pageOf(`Said: x${markdownText(text)}x end`);
        expect(page.elements).toEqual(["p"]);
        expect(page.text.trim()).toBe(`Said: x${terminalText(text)}x end`);
        for (const piece of page.prose) expect(piece).not.toMatch(active);
      }),
      { numRuns: 400 },
    );
  });

  test("is no list, quote, heading or rule at the start of a line", () => {
    for (const text of ["- a", "+ a", "1. a", "12) a", "> a", "# a", "===", "---", "***", "```", "    a"]) {
      const { elements } = pageOf(`para\n${markdownText(text)}`);
      expect({ text, elements }).toEqual({ text, elements: ["p"] });
    }
  });

  test("leaves ordinary sentences readable", () => {
    expect(markdownText("at token 57 of 256 (22 % in), line 4 of the text")).toBe(
      "at token 57 of 256 (22 % in), line 4 of the text",
    );
  });
});

describe("markdownCode", () => {
  test("is one piece of code with the text in it, also in a table", () => {
    fc.assert(
      fc.property(
        hostileText.filter((text) => text.trim() !== ""),
        (text) => {
          const code = markdownCode(text);
          expect(pageOf(`Said ${code} end`).elements).toEqual(["p", "code"]);
          const page = pageOf(`| a | b |\n| --- | --- |\n| ${code} | after |\n`);
          expect(page.elements.filter((name) => name !== "th")).toEqual([
            "table",
            "thead",
            "tr",
            "tbody",
            "tr",
            "td",
            "code",
            "td",
          ]);
          expect(page.text).toContain(terminalText(text).trim());
        },
      ),
      { numRuns: 400 },
    );
  });

  test("of nothing is nothing", () => expect(markdownCode("")).toBe(""));
  test("of plain text is a plain span", () => expect(markdownCode("goldens/a_b.json:3")).toBe("`goldens/a_b.json:3`"));
});

describe("markdownCodeBlock", () => {
  test("is never ended by a line of its text", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const lines = terminalLines(text);
        const page = pageOf(`${markdownCodeBlock(lines).join("\n")}\n\nend`);
        expect(page.elements).toEqual(["pre", "code", "p"]);
        expect(page.text).toContain("end");
      }),
      { numRuns: 400 },
    );
  });
});
