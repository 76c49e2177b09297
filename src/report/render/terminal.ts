/** The report for a terminal or a log: a stranger understands the verdict in ten seconds, and finds the evidence below it. */
import { terminalText, withoutCommands } from "../escape/terminal-text.ts";
import type { Report } from "../report.ts";
import { caseBlocks, caseRows, changedMatches } from "./case-section.ts";
import { diagnosisSection, environmentSection } from "./environment-section.ts";
import { goldenChangesSection } from "./golden-changes-section.ts";
import { headline, runFacts } from "./headline.ts";
import { paint, type RenderOptions } from "./paint.ts";
import { problemBlocks } from "./problem-section.ts";
import { cutList, moreInJson, paragraph } from "./rows.ts";

export type { RenderOptions } from "./paint.ts";

const narrowest = 60;
const widest = 200;

/** Lines that end in `\n`. Nothing of a model, an engine or a file is in them unescaped, and no line is a command of a build server. */
export function renderReport(report: Report, options: RenderOptions): string {
  const fitted = { ...options, width: Math.min(widest, Math.max(narrowest, options.width)) };
  const sections = [
    [...headline(report, fitted)],
    runFacts(report, fitted),
    problemBlocks(report.problems, 0, fitted),
    warningSection(report, fitted),
    goldenChangesSection(report, fitted),
    environmentSection(report, fitted),
    diagnosisSection(report, fitted),
    caseBlocks(report, "drift", fitted),
    caseBlocks(report, "unstable", fitted),
    caseBlocks(report, "error", fitted),
    caseRows(report, "missing", "cases without a golden", fitted),
    caseRows(report, "obsolete", "goldens without a case", fitted),
    caseBlocks(report, "close", fitted),
    changedMatches(report, fitted),
    recordSection(report, fitted),
    nextSection(report, fitted),
  ].filter((section) => section.length > 0);
  return toText(sections.flatMap((section, index) => (index === 0 ? section : ["", ...section])));
}

/** Problems alone, as they stand in a report. */
export function renderProblems(problems: Report["problems"], options: RenderOptions): string {
  return toText(problemBlocks(problems, 0, options));
}

const toText = (lines: readonly string[]) => `${lines.map((line) => withoutCommands(line).trimEnd()).join("\n")}\n`;

function warningSection({ warnings }: Report, options: RenderOptions): readonly string[] {
  return warnings.length === 0 ? [] : [paint("heading", "Warning", options), ...problemBlocks(warnings, 2, options)];
}

function recordSection({ record }: Report, options: RenderOptions): readonly string[] {
  if (record === null) return [];
  const list = (heading: string, ids: readonly string[]) => {
    if (ids.length === 0) return [];
    const { shown, more } = cutList(ids, options.limit);
    return [...paragraph(`  ${heading}  `, shown.join(", "), options.width), ...moreInJson(more, 2)];
  };
  return [...list("written", record.written), ...list("removed", record.removed), ...list("kept   ", record.kept)];
}

function nextSection({ next, transcript }: Report, options: RenderOptions): readonly string[] {
  if (next.length === 0) return [];
  return [
    paint("heading", "Next", options),
    ...next.flatMap((step, index) => paragraph(`  ${index + 1}. `, step, options.width)),
    ...(transcript === null ? [] : [`  Everything that was answered: ${terminalText(transcript)}`]),
  ];
}
