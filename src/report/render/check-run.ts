/** The report as a check run of GitHub: name, conclusion, title, summary and annotations, within GitHub's limits. */
import { cutTo } from "../escape/cut-to.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { Report } from "../report.ts";
import { type Annotation, renderAnnotations } from "./annotations.ts";
import { headlineOf } from "./headline.ts";
import { renderStepSummary, type SummaryOptions } from "./step-summary.ts";

export interface CheckRunText {
  /** Never `neutral` for a run that could not judge: a neutral check lets a pull request pass. */
  readonly conclusion: "success" | "failure" | "neutral";
  /** At most 255 characters. */
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  /** Most important first; the rest is counted in the last one of its level. */
  readonly annotations: readonly Annotation[];
}

export type CheckRunOptions = Omit<SummaryOptions, "budgetBytes">;

/** https://docs.github.com/rest/checks/runs: `output.summary`; a text has at most as many characters as UTF-8 bytes. */
const summaryLimit = 65_535;
const longestTitle = 250;
const longestName = 100;
/** Six requests of fifty. More would cost a token its hourly limit, and nobody reads them one by one. */
const mostAnnotations = { error: 280, warning: 280, notice: 20 } as const;

export function renderCheckRun(report: Report, options: CheckRunOptions): CheckRunText {
  const { word, meaning } = headlineOf(report);
  return {
    conclusion: conclusionOf(report, options),
    title: cutTo(terminalText(`${word}: ${meaning}`), longestTitle),
    summary: renderStepSummary(report, { ...options, budgetBytes: summaryLimit }),
    annotations: renderAnnotations(report, { fails: options.outcome === "fails", most: mostAnnotations }),
  };
}

/**
 * Such as `Inference Gate: support-assistant`: the check may be listed under another workflow, so it says whose it is. `label` tells the jobs
 * of a matrix apart, as in `Inference Gate: support-assistant (gpu-a, 2)`; at most 100 characters of each.
 */
export function checkRunName(suite: string, label: string | null): string {
  const name = cutTo(`Inference Gate: ${terminalText(suite)}`, longestName);
  return label === null ? name : `${name} (${cutTo(terminalText(label), longestName)})`;
}

function conclusionOf({ verdict }: Report, { outcome }: CheckRunOptions): CheckRunText["conclusion"] {
  if (verdict === "match") return "success";
  return outcome === "tolerated" && verdict !== "error" && verdict !== "usage" ? "neutral" : "failure";
}
