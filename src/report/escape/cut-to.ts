/** Cuts a text by what a machine counts, not by what an eye sees: marks without a width count too. */

/** The text, or its start and `…`, in at most `units` UTF-16 code units; never half a character. */
export function cutTo(text: string, units: number): string {
  if (text.length <= units) return text;
  return `${text.slice(0, Math.max(0, units - 1)).replace(/[\ud800-\udbff]$/, "")}…`;
}
