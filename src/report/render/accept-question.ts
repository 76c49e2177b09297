/** What a person sees before a golden is replaced: where the answer differs, and the two texts by line. */
import type { Comparison } from "../../model/comparison.ts";
import { cutEnd } from "../escape/columns.ts";
import { terminalText, withoutCommands } from "../escape/terminal-text.ts";
import { textDiff } from "../text-diff.ts";
import { divergenceSides } from "./divergence-sides.ts";
import { paint, type RenderOptions } from "./paint.ts";
import { plural } from "./rows.ts";

export interface AcceptQuestion {
  readonly caseId: string;
  readonly number: number;
  readonly of: number;
  readonly comparison: Comparison;
  /** Texts of golden and answer; null where they are redacted. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Lines of a difference that are shown; the rest is counted. */
const mostLines = 60;

export function acceptQuestion(question: AcceptQuestion, options: RenderOptions): string {
  const { caseId, number, of, comparison, before, after } = question;
  const { divergence } = comparison;
  const lines = before === null || after === null ? [] : diffLines(before, after, options);
  const sides = divergence === null ? [] : divergenceSides(divergence, options);
  const hidden = "    The suite is redacted: golden and answer are kept as digests, and they differ.";
  return [
    paint("heading", `${number} of ${of}  ${terminalText(caseId)}`, options),
    ...(before === null || after === null ? [hidden] : sides),
    ...(lines.length === 0 ? [] : ["", ...lines]),
    "",
  ]
    .map((line) => `${withoutCommands(line)}\n`)
    .join("");
}

function diffLines(before: string, after: string, options: RenderOptions): readonly string[] {
  const lines = textDiff(before, after);
  const shown = lines.slice(0, mostLines).map(({ kind, text, lines: count }) => {
    const line = cutEnd(terminalText(text), options.width - 6);
    if (kind === "removed") return `    ${paint("expected", `- ${line}`, options)}`;
    if (kind === "added") return `    ${paint("actual", `+ ${line}`, options)}`;
    return kind === "same" ? `      ${line}` : `    … ${plural(count, "equal line")}`;
  });
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `    … and ${plural(more, "further line")}`] : shown;
}
