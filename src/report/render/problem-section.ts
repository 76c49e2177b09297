/** Problems for a reader: where, what, what was found and expected, the evidence, what to do. */
import { wrapHard } from "../escape/columns.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { Report } from "../report.ts";
import type { RenderOptions } from "./paint.ts";
import { cutList, labelled, moreInJson, paragraph, place } from "./rows.ts";

type Problem = Report["problems"][number];

/** Of a log the end tells most: these last lines may take several rows, those before them one. */
const lastLines = 10;
const rowsOfLastLines = 3;

/** One block a problem, with an empty line between two. */
export function problemBlocks(problems: readonly Problem[], indent: number, options: RenderOptions): readonly string[] {
  const { shown, more } = cutList(problems, options.limit);
  const blocks = shown.flatMap((problem, index) => [
    ...(index === 0 ? [] : [""]),
    ...problemBlock(problem, indent, options),
  ]);
  return [...blocks, ...(more === 0 ? [] : ["", ...moreInJson(more, indent)])];
}

function problemBlock(problem: Problem, indent: number, { width }: RenderOptions): readonly string[] {
  const at = place(problem.location);
  const margin = " ".repeat(indent);
  const inner = indent + (at === null ? 0 : 2);
  return [
    ...(at === null ? [] : paragraph(margin, at, width)),
    ...paragraph(" ".repeat(inner), `${problem.title} [${problem.code}]`, width),
    ...labelled(
      inner + 2,
      [
        ["found", problem.found],
        ["expected", problem.expected],
      ],
      width,
    ),
    ...evidence(problem.evidence, inner + 2, width),
    ...help(problem.help, inner + 2, width),
  ];
}

/** What to do, one step an arrow. */
function help(steps: readonly string[], indent: number, width: number): readonly string[] {
  return steps.flatMap((line) => paragraph(`${" ".repeat(indent)}→ `, line, width));
}

function evidence(lines: readonly string[], indent: number, width: number): readonly string[] {
  const gutter = `${" ".repeat(indent)}│ `;
  const columns = Math.max(20, width - gutter.length);
  return lines.flatMap((line, index) => {
    const rows = index < lines.length - lastLines ? 1 : rowsOfLastLines;
    return wrapHard(terminalText(line), columns, rows).map((row) => gutter + row);
  });
}
