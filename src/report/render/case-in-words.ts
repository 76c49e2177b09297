/** One case in one sentence, for surfaces that have room for no more. */
import { cutEnd } from "../escape/columns.ts";
import { visibleText } from "../escape/terminal-text.ts";
import type { CaseReport } from "../report.ts";
import { divergenceInWords, isHidden } from "./divergence-words.ts";

/** Columns of each side's text. */
const quoteWidth = 80;

/** Such as `differs from its golden at token 57 of 256 (22 % in): expected “ the Supreme”, actual “ called the”`. */
export function caseInWords(item: CaseReport): string {
  switch (item.verdict) {
    case "match":
      return "equals its golden";
    case "close":
      return `is within tolerance of its golden${differing(item)}`;
    case "drift":
      return `differs from its golden${differing(item)}`;
    case "unstable":
      return `has no verdict: the engine disagrees with itself${firstProblem(item)}`;
    case "missing":
      return "has no golden on this hardware class";
    case "obsolete":
      return "is a golden without a case in the suite";
    case "error":
      return `could not run${firstProblem(item)}`;
  }
}

function differing(item: CaseReport): string {
  const { divergence } = item;
  if (divergence === null) return "";
  const { expected, actual } = divergence;
  const sides =
    isHidden(divergence) || expected.text === actual.text
      ? ""
      : `: expected ${quoted(expected.text)}, actual ${quoted(actual.text)}`;
  return ` ${divergenceInWords(item, divergence)}${sides}`;
}

const quoted = (text: string) => (text === "" ? "nothing" : `“${cutEnd(visibleText(text), quoteWidth)}”`);

function firstProblem({ problems: [problem] }: CaseReport): string {
  return problem === undefined ? "" : `: ${visibleText(problem.title)}`;
}
