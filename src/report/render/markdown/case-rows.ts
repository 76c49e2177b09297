/** The cases that a reader must look at, one row each: most important first. */
import { cutEnd } from "../../escape/columns.ts";
import { markdownCode, markdownText } from "../../escape/markdown.ts";
import { terminalText } from "../../escape/terminal-text.ts";
import type { CaseReport, Report } from "../../report.ts";
import { divergenceInWords } from "../divergence-words.ts";
import { place } from "../rows.ts";

const order = ["error", "drift", "unstable", "missing", "obsolete", "close", "match"] as const;
const longestText = 200;

/** Every case but those that match as they were recorded. */
export function casesToSee(report: Report): readonly CaseReport[] {
  return report.cases
    .filter((item) => item.verdict !== "match" || item.contractChanges.length > 0)
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

export const caseRowHead = ["case", "verdict", "what", "where"] as const;

/** The cells of a case. */
export function caseRow(item: CaseReport): readonly string[] {
  const [problem] = item.problems;
  // Without a split it is the problem that has a place.
  const at = place((item.divergence === null ? problem?.location : null) ?? item.golden ?? item.source);
  return [
    markdownCode(cutEnd(terminalText(item.id), longestText)),
    item.verdict,
    markdownText(cutEnd(terminalText(whatOf(item)), longestText)),
    at === null ? "–" : markdownCode(cutEnd(terminalText(at), longestText)),
  ];
}

function whatOf(item: CaseReport): string {
  const [problem] = item.problems;
  const parts = [
    ...(item.divergence === null ? [] : [`differs ${divergenceInWords(item, item.divergence)}`]),
    ...(problem === undefined ? [] : [problem.title]),
    ...(item.contractChanges.length === 0 ? [] : [`asked otherwise: ${item.contractChanges.join("; ")}`]),
  ];
  return parts.length === 0 ? "–" : parts.join("; ");
}
