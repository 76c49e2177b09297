import { expect, test } from "@jest/globals";
import { divergenceInWords } from "../../../src/report/render/divergence-words.ts";
import type { CaseReport } from "../../../src/report/report.ts";
import { reportNamed } from "../sample-reports.ts";

/** What is said of a case whose prompt differs. */
function words(lengths: Partial<CaseReport>, tokenIndex: number | null = 4): string {
  const item = reportNamed("drift-prompt").cases.find(({ divergence }) => divergence?.kind === "prompt");
  if (item?.divergence == null) throw new Error("the sample has no prompt that differs");
  const about = { commonPrefix: 20, expectedLength: 160, actualLength: 160, tokensSaved: 0, ...lengths };
  return divergenceInWords({ ...item, ...about }, { ...item.divergence, tokenIndex });
}
const prompt = "in the prompt that the engine was given, at prompt token 4";

test("of another prompt it is told where the output splits as well", () => {
  expect(words({})).toBe(`${prompt}; the output splits at token 20 of 160 (12 % in)`);
  expect(words({ commonPrefix: 9, actualLength: 10, tokensSaved: 150 })).toBe(
    `${prompt}; the output splits at token 9 of 160 (5 % in)`,
  );
});

test("of another prompt with the same output that is told", () => {
  expect(words({ commonPrefix: 160 })).toBe(`${prompt}; the output is the same`);
  expect(words({ commonPrefix: 90, actualLength: 90 })).toBe(
    `${prompt}; the output is the same up to the end of the shorter one, after 90 tokens`,
  );
});

test("control: an output that was stopped before its tokens split, or is redacted, says nothing of a split", () => {
  expect(words({ commonPrefix: 3, actualLength: 3, tokensSaved: 157 })).toBe(prompt);
  expect(words({ commonPrefix: 0 }, null)).toBe("in the prompt that the engine was given");
});
