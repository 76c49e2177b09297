/** The goldens that a change brings itself, in Markdown: a table in view, and the differences of their texts to open. */
import { cutEnd } from "../../escape/columns.ts";
import { markdownCode, markdownCodeBlock, markdownText } from "../../escape/markdown.ts";
import { terminalText } from "../../escape/terminal-text.ts";
import type { Report } from "../../report.ts";
import { type GoldenChange, goldenChangesInWords, lockLines, reasonInWords } from "../golden-changes.ts";
import { counted, plural } from "../rows.ts";
import { details, table } from "./table.ts";

const mostRows = 20;
const mostDiffs = 5;
const mostLines = 30;
const longestText = 200;

export function goldenChangesText(report: Report): readonly string[] {
  const words = goldenChangesInWords(report);
  if (words === null || report.goldenChanges === null) return [];
  const { base, policy, movedFrom, cases, lock } = report.goldenChanges;
  const moved =
    movedFrom === null ? "" : ` The base has it as ${markdownCode(cutEnd(terminalText(movedFrom), longestText))}.`;
  const more = cases.length - mostRows;
  const rows = cases
    .slice(0, mostRows)
    .map((one) => [markdownCode(one.id), markdownCode(one.hardwareClass), one.kind, cut(reasonInWords(one))]);
  const diffs = cases.filter(({ diff }) => diff !== null && diff.length > 0).slice(0, mostDiffs);
  return [
    `### ${words}`,
    "",
    `Held against ${markdownCode(base.slice(0, 12))}; \`accept-changes\` is \`${policy}\`.${moved}`,
    ...(rows.length === 0 ? [] : ["", ...table(["case", "hardware", "golden", "reason"], rows)]),
    ...(more > 0 ? ["", `… ${counted(more)} more in \`report.json\`.`] : []),
    ...lock.flatMap((one) => [
      "",
      `The lock on ${markdownCode(one.hardwareClass)}: ${cut(reasonInWords(one))}`,
      "",
      ...lockLines(one).map((line) => `- ${cut(line)}`),
    ]),
    ...(diffs.length === 0
      ? []
      : ["", ...details(`How ${plural(diffs.length, "text")} changed`, diffs.flatMap(diffBlock).slice(1))]),
  ];
}

const signs = { same: " ", removed: "-", added: "+" } as const;

function diffBlock({ id, diff, more }: GoldenChange): readonly string[] {
  const lines = (diff ?? []).slice(0, mostLines);
  const left = more + (diff ?? []).length - lines.length;
  const shown = lines.map(({ kind, text, lines: count }) =>
    kind === "skipped"
      ? `@@ ${plural(count, "equal line")} @@`
      : `${signs[kind]} ${cutEnd(terminalText(text), longestText)}`,
  );
  return [
    ...["", `${markdownCode(id)}:`, "", ...markdownCodeBlock(shown, "diff")],
    ...(left > 0 ? ["", `… ${counted(left)} more lines.`] : []),
  ];
}

const cut = (text: string) => markdownText(cutEnd(terminalText(text), longestText));
