/** The few colours of a report, as ANSI sequences; only verdict words, the two sides and headings have any. */

export interface RenderOptions {
  readonly color: "ansi" | "none";
  /** Columns; taken as 60 to 200. */
  readonly width: number;
  /** Most entries of a list; the rest are counted. */
  readonly limit: number;
}

const codes = {
  good: "1;32",
  bad: "1;31",
  warn: "1;33",
  expected: "31",
  actual: "32",
  heading: "1",
} as const;
export type Tone = keyof typeof codes;

/** The text in a tone; unchanged without colours. */
export function paint(tone: Tone, text: string, { color }: Pick<RenderOptions, "color">): string {
  return color === "none" || text === "" ? text : `\x1b[${codes[tone]}m${text}\x1b[0m`;
}
