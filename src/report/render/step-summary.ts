/** The summary of a run on its page at GitHub: a stranger understands the verdict in ten seconds, and finds the evidence below it. */
import { cutEnd } from "../escape/columns.ts";
import { markdownText } from "../escape/markdown.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { CaseReport, Report } from "../report.ts";
import { factRows, headlineOf } from "./headline.ts";
import { caseRow, caseRowHead, casesToSee } from "./markdown/case-rows.ts";
import { divergenceTable } from "./markdown/divergence-table.ts";
import { diagnosisText, environmentTable } from "./markdown/environment-table.ts";
import { goldenChangesText } from "./markdown/golden-changes.ts";
import { problemBlocks, warningsText, withCommand } from "./markdown/problem-blocks.ts";
import { artifactLink } from "./markdown/run-link.ts";
import { details, row, table } from "./markdown/table.ts";
import { counted, plural } from "./rows.ts";

export interface SummaryOptions {
  /** UTF-8 bytes; GitHub drops a whole summary of more than 1 MiB. */
  readonly budgetBytes: number;
  /** Name of the artifact that holds report and transcript; null when none is uploaded. */
  readonly artifact: string | null;
  /** Page of the run, which lists its artifacts; null when it is not known. */
  readonly runUrl: string | null;
  /** `fails`: the job fails for this verdict; `tolerated`: it does not, although it is no match. */
  readonly outcome: "passes" | "fails" | "tolerated";
}

/** What a step summary may have, less room for what a runner adds. */
export const summaryBudget = 2 ** 20 - 2 ** 14;

const mostProblems = 10;
/** Rows in view, and rows to open: more than a page that loads at once can hold belongs into the report. */
const rowsInView = 20;
const rowsToOpen = 400;
/** Differing cases shown in full; the first in view. */
const mostInFull = 4;
const longestText = 400;

/** Markdown that ends in a line break, never longer than the budget. */
export function renderStepSummary(report: Report, options: SummaryOptions): string {
  const items = casesToSee(report);
  const above = [
    [headingLine(report), ...toleratedLine(report, options)],
    countLine(report),
    problemBlocks(report.problems, mostProblems),
    warningsText(report, mostProblems),
    goldenChangesText(report),
    diagnosisText(report),
    firstDivergence(items),
    whyNot(items),
    environmentTable(report),
  ];
  const below = [nextSteps(report), aboutLines(report), footer(report, options)];
  const left = options.budgetBytes - bytesOf(textOf([...above, ...below]));
  if (left < 0) return tooLong(report, options);
  return textOf([...above, caseTable(items, left), ...below]);
}

function textOf(sections: readonly (readonly string[])[]): string {
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

function headingLine(report: Report): string {
  const { tone, word, meaning } = headlineOf(report);
  const mark = { good: "✅", bad: "❌", warn: "⚠️" } as const;
  const sign = tone === "good" || tone === "bad" || tone === "warn" ? mark[tone] : mark.bad;
  return `## ${sign} ${word}: ${markdownText(meaning)}`;
}

function toleratedLine({ verdict }: Report, { outcome }: SummaryOptions): readonly string[] {
  return outcome === "tolerated"
    ? ["", `This verdict does not fail the job: \`fail-on\` leaves \`${verdict}\` out.`]
    : [];
}

/** How much of each verdict: the one fact that belongs under the headline. */
function countLine(report: Report): readonly string[] {
  return factRows(report).flatMap(([label, text]) => (label === "cases" && text !== null ? [`**${cut(text)}**`] : []));
}

/** What ran, for whoever asks. */
function aboutLines(report: Report): readonly string[] {
  const facts = factRows(report).filter(([label, text]) => label !== "cases" && text !== null && text !== "");
  return details(
    "About this run",
    facts.map(([label, text]) => `- ${label}: ${cut(text ?? "")}`),
  );
}

/** The first differing case in full, a few more to open. */
function firstDivergence(items: readonly CaseReport[]): readonly string[] {
  const differing = items.flatMap((item) => (item.divergence === null ? [] : [{ item, divergence: item.divergence }]));
  const [first, ...others] = differing.slice(0, mostInFull);
  if (first === undefined) return [];
  const more = others.flatMap(({ item, divergence }) => ["", ...divergenceTable(item, divergence)]).slice(1);
  return [
    "### Where it splits",
    "",
    ...divergenceTable(first.item, first.divergence),
    ...(more.length === 0
      ? []
      : [
          "",
          ...details(
            others.length === 1 ? "The next case in full" : `The next ${plural(others.length, "case")} in full`,
            more,
          ),
        ]),
  ];
}

/** Cases that could not run: what was found and what to do, as for a problem of the run. */
function whyNot(items: readonly CaseReport[]): readonly string[] {
  const problems = items.flatMap((item) => (item.verdict === "error" ? item.problems : []));
  return problems.length === 0 ? [] : ["### Why it could not run", "", ...problemBlocks(problems, mostInFull)];
}

function nextSteps({ next }: Report): readonly string[] {
  return next.length === 0
    ? []
    : ["### What to do next", "", ...next.map((step, index) => `${index + 1}. ${withCommand(step)}`)];
}

function footer({ tool, transcript, exitCode }: Report, { artifact, runUrl }: SummaryOptions): readonly string[] {
  const kept = transcript === null ? "The whole report" : "The whole report and every answer";
  return [
    [
      ...(artifact === null ? [] : [`${kept}: artifact ${artifactLink(artifact, runUrl)}.`]),
      `Exit code ${exitCode}, ${markdownText(tool)}.`,
    ].join(" "),
  ];
}

/** As many rows as fit; the rest are counted. */
function caseTable(items: readonly CaseReport[], budgetBytes: number): readonly string[] {
  if (items.length === 0) return [];
  const around =
    bytesOf(textOf([caseSection([], items.length, items.length)])) + bytesOf(textOf([caseOpening(items.length)]));
  let room = budgetBytes - around;
  if (room < 0) return [];
  const rows: string[] = [];
  for (const item of items.slice(0, rowsInView + rowsToOpen)) {
    const line = row(caseRow(item));
    room -= bytesOf(line) + 1;
    if (room < 0) break;
    rows.push(line);
  }
  return caseSection(rows, items.length, items.length - rows.length);
}

function caseSection(rows: readonly string[], all: number, more: number): readonly string[] {
  const head = table(caseRowHead, [[]]).slice(0, 2);
  const toOpen = rows.slice(rowsInView);
  return [
    `### ${plural(all, "case")} to look at`,
    "",
    ...head,
    ...rows.slice(0, rowsInView),
    ...(toOpen.length === 0 ? [] : ["", ...details(`${counted(toOpen.length)} more`, [...head, ...toOpen])]),
    ...(more === 0 ? [] : ["", `… ${plural(more, "more case")} in \`report.json\`.`]),
  ];
}

/** The lines that rows to open take beside themselves. */
const caseOpening = (rows: number) => details(`${counted(rows)} more`, table(caseRowHead, [[]]).slice(0, 2));

/** Not even the sections fit: what every reader needs. */
function tooLong(report: Report, { artifact, runUrl }: SummaryOptions): string {
  const where = artifact === null ? "" : ` They are in the artifact ${artifactLink(artifact, runUrl)}.`;
  return `${headingLine(report)}\n\nThe details are too long for a summary.${where}\n`;
}

const cut = (text: string) => markdownText(cutEnd(terminalText(text), longestText));

/** Bytes of UTF-8; a pure room has no Buffer. */
function bytesOf(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
