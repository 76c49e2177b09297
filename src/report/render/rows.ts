/** The shapes that sections are made of: wrapped paragraphs, labelled rows, lists that are cut. */
import { cutEnd, displayWidth, padEnd, wrap } from "../escape/columns.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { Report } from "../report.ts";

/** A single word up to this long, such as a path, stays whole even where it is too wide: it is there to be clicked or copied. */
const longestWhole = 160;
/** Most rows of one paragraph: more is hostile or belongs into the JSON report. */
const mostRows = 8;

/** The text made safe and wrapped, the first row behind `first`, the others under it. */
export function paragraph(first: string, text: string, width: number): readonly string[] {
  const indent = displayWidth(first);
  const columns = Math.max(20, width - indent);
  const safe = terminalText(text);
  if (safe.length <= longestWhole && !safe.includes(" ")) return [first + safe];
  const rows = wrap(safe, columns);
  const shown =
    rows.length > mostRows ? [...rows.slice(0, mostRows - 1), cutEnd(`${rows[mostRows - 1]}…`, columns)] : rows;
  return shown.map((row, index) => (index === 0 ? first : " ".repeat(indent)) + row);
}

/** Rows of a label and a text, the texts under one another; rows without a text are left out. */
export function labelled(
  indent: number,
  rows: readonly (readonly [label: string, text: string | null])[],
  width: number,
): readonly string[] {
  const shown = rows.flatMap(([label, text]) => (text === null || text === "" ? [] : [{ label, text }]));
  const longest = Math.max(0, ...shown.map(({ label }) => displayWidth(label)));
  return shown.flatMap(({ label, text }) => paragraph(`${" ".repeat(indent)}${padEnd(label, longest)}  `, text, width));
}

/** The first `limit` entries, and how many more there are. */
export function cutList<T>(
  entries: readonly T[],
  limit: number,
): { readonly shown: readonly T[]; readonly more: number } {
  const shown = entries.slice(0, Math.max(0, limit));
  return { shown, more: entries.length - shown.length };
}

/** Such as `  … 12 more in the JSON report (--json <file>)`; nothing for none. */
export function moreInJson(more: number, indent: number): readonly string[] {
  return more === 0 ? [] : [`${" ".repeat(indent)}… ${counted(more)} more in the JSON report (--json <file>)`];
}

/** Such as `inference-gate/suite.yml:12:5`. */
export function place(location: Report["problems"][number]["location"]): string | null {
  if (location === null) return null;
  return [location.file, location.line, location.column].filter((part) => part !== null).join(":");
}

/** With thousands separated: `12,345`. */
export function counted(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 case`, `3 cases`. */
export function plural(number: number, noun: string): string {
  return `${counted(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** `0.8 s`, `24.1 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
