/** The difference of two texts by line, as a person reads it in a pull request: changed lines with a few equal ones around them. */
import { diffArrays } from "diff";

export interface DiffLine {
  /** `skipped`: equal lines that are left out; `text` is then empty and `lines` tells how many. */
  readonly kind: "same" | "removed" | "added" | "skipped";
  /** Without its line end, or with `⏎` for it where that is all that differs; hostile, to be escaped for its place. */
  readonly text: string;
  readonly lines: number;
}

/** Equal lines shown before and after each change. */
const context = 3;
/** Beyond so many changed lines the texts have little in common, and looking for it takes long. */
const mostEdits = 2_000;

/** Lines end in `\n`; a last one without it counts as a line. Nothing for equal texts. */
export function textDiff(before: string, after: string): readonly DiffLine[] {
  const [one, other] = [linesOf(before), linesOf(after)];
  const parts = diffArrays(one, other, { maxEditLength: mostEdits }) ?? [
    { added: false, removed: true, value: one },
    { added: true, removed: false, value: other },
  ];
  const [openOne, openOther] = [openEnd(one), openEnd(other)];
  const lines = parts.flatMap(({ added, removed, value }) =>
    value.map((text) => {
      if (!added && !removed) return { kind: "same", text, lines: 1 } as const;
      const open = added ? openOne : openOther;
      const isEnded = open !== null && text === `${open}\n`;
      return { kind: added ? "added" : "removed", text: isEnded ? text.replace(/\n$/, "⏎") : text, lines: 1 } as const;
    }),
  );
  return withoutFarLines(lines);
}

/** The end of a line belongs to it: a text that lost its last line end differs in that line. */
const linesOf = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));

/** The last line of a text that does not end it; null where there is none. */
function openEnd(lines: readonly string[]): string | null {
  const last = lines.at(-1);
  return last === undefined || last.endsWith("\n") ? null : last;
}

function withoutFarLines(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Uint8Array(lines.length);
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== "same") near.fill(1, Math.max(0, index - context), Math.min(lines.length, index + context + 1));
  }
  const shown: DiffLine[] = [];
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1);
    if (near[index] === 1) shown.push({ ...line, text: line.text.replace(/\n$/, "") });
    else if (last?.kind === "skipped") shown[shown.length - 1] = { ...last, lines: last.lines + 1 };
    else shown.push({ kind: "skipped", text: "", lines: 1 });
  }
  return shown.some(({ kind }) => kind === "removed" || kind === "added") ? shown : [];
}
