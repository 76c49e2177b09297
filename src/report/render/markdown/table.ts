/** Tables of GitHub's Markdown; cells are Markdown already. */

/** A table with a heading; nothing without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  return [row(head), row(head.map(() => ":--")), ...rows.map(row)];
}

/** One row, as a line. */
export const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** Lines that a reader opens; `summary` is plain text of ours. */
export function details(summary: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["<details>", `<summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}
