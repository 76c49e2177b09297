/** The goldens that a change brings itself, for a terminal: which, why, and how their texts differ. */
import { cutEnd } from "../escape/columns.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { Report } from "../report.ts";
import { type GoldenChange, goldenChangesInWords, lockLines, movedInWords, reasonInWords } from "./golden-changes.ts";
import { paint, type RenderOptions } from "./paint.ts";
import { cutList, moreInJson, paragraph, plural } from "./rows.ts";

/** Lines of one difference; the whole is in the JSON report. */
const mostLines = 12;

export function goldenChangesSection(report: Report, options: RenderOptions): readonly string[] {
  const words = goldenChangesInWords(report);
  if (words === null || report.goldenChanges === null) return [];
  const { base, policy, cases, lock } = report.goldenChanges;
  const moved = movedInWords(report.goldenChanges);
  const { shown, more } = cutList(cases, options.limit);
  return [
    paint("heading", words, options),
    ...paragraph("  ", `held against ${base.slice(0, 12)}, accept-changes ${policy}${moved}`, options.width),
    ...shown.flatMap((change) => changeLines(change, options)),
    ...moreInJson(more, 2),
    ...lock.flatMap((change) => [
      ...paragraph("  ", `the lock on ${change.hardwareClass}: ${reasonInWords(change)}`, options.width),
      ...lockLines(change).flatMap((line) => paragraph("      ", line, options.width)),
    ]),
  ];
}

function changeLines(change: GoldenChange, options: RenderOptions): readonly string[] {
  const { id, hardwareClass, kind, diff, more } = change;
  const head = `${id} on ${hardwareClass}, ${kind}: ${reasonInWords(change)}`;
  const lines = (diff ?? []).slice(0, mostLines).map(({ kind: line, text, lines: count }) => {
    const safe = cutEnd(terminalText(text), options.width - 8);
    if (line === "removed") return `      ${paint("expected", `- ${safe}`, options)}`;
    if (line === "added") return `      ${paint("actual", `+ ${safe}`, options)}`;
    return line === "same" ? `        ${safe}` : `      … ${plural(count, "equal line")}`;
  });
  const left = more + Math.max(0, (diff?.length ?? 0) - mostLines);
  return [
    ...paragraph("  ", head, options.width),
    ...lines,
    ...(left > 0 ? [`      … ${plural(left, "more line")}`] : []),
    ...(diff !== null && diff.length === 0 ? ["      the text is the same; tokens or numbers differ"] : []),
  ];
}
