/** Problems in Markdown: what, where, found and expected, what to do, and the evidence to open. */
import { cutEnd } from "../../escape/columns.ts";
import { markdownCode, markdownCodeBlock, markdownText } from "../../escape/markdown.ts";
import { terminalText } from "../../escape/terminal-text.ts";
import type { Report } from "../../report.ts";
import { counted, cutList, place, plural } from "../rows.ts";
import { details } from "./table.ts";

type Problem = Report["problems"][number];

const longestText = 600;
const mostEvidence = 50;
/** Of a log that is not opened: the end tells most. */
const shownEvidence = 5;

/** One block a problem; those beyond `limit` are counted. */
export function problemBlocks(problems: readonly Problem[], limit: number): readonly string[] {
  const { shown, more } = cutList(problems, limit);
  return [
    ...shown.flatMap((problem, index) => [...(index === 0 ? [] : [""]), ...problemBlock(problem)]),
    ...(more === 0 ? [] : ["", `… ${plural(more, "more problem")} in \`report.json\`.`]),
  ];
}

/** What a reader must know beside the verdict, under a heading of its own. */
export function warningsText({ warnings }: Report, limit: number): readonly string[] {
  return warnings.length === 0 ? [] : ["### ⚠️ Warning", "", ...problemBlocks(warnings, limit)];
}

function problemBlock({ title, code, location, found, expected, help, evidence }: Problem): readonly string[] {
  const at = place(location);
  const facts = [
    ...(at === null ? [] : [`at ${markdownCode(at)}`]),
    ...(found === null ? [] : [`found: ${cut(found)}`]),
    ...(expected === null ? [] : [`expected: ${cut(expected)}`]),
  ];
  return [
    `**${cut(title)}** (${markdownCode(code)})`,
    "",
    ...facts.map((fact) => `- ${fact}`),
    ...help.map((step) => `- → ${withCommand(step)}`),
    ...evidenceBlock(evidence),
  ];
}

/** A sentence in which the command behind its colon is code. */
export function withCommand(sentence: string): string {
  const start = sentence.search(/(?<=: )(?:inference-gate|docker|podman|chmod) /);
  return start === -1
    ? cut(sentence)
    : `${cut(sentence.slice(0, start).trimEnd())} ${markdownCode(sentence.slice(start))}`;
}

function evidenceBlock(evidence: readonly string[]): readonly string[] {
  const last = evidence.slice(-mostEvidence).map((line) => cutEnd(terminalText(line), longestText));
  if (last.length === 0) return [];
  const earlier = last.slice(0, -shownEvidence);
  return [
    "",
    ...markdownCodeBlock(last.slice(-shownEvidence)),
    ...(earlier.length === 0
      ? []
      : ["", ...details(`The ${counted(earlier.length)} lines before`, markdownCodeBlock(earlier))]),
  ];
}

const cut = (text: string) => markdownText(cutEnd(terminalText(text), longestText));
