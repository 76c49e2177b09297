/** Hostile text made safe for GitHub's Markdown: it shows as itself and never becomes markup, a link, a mention, an image or HTML. */
import { terminalText } from "./terminal-text.ts";

/** Between the two parts of a mention or a reference: GitHub looks for those in the finished page, where a comment splits the text. */
const split = "<!-- -->";
/** Inside `@name`, `#12`, `GH-12`, `:emoji:`, `https://` and `www.`. */
const references = /(?<=@)(?=.)|(?<=#)(?=\d)|(?<=GH-)(?=\d)|(?<=:)(?=\/\/|[\w+-]+:)|(?<=www)(?=\.)/i;

/** Punctuation that a backslash keeps from being markup (CommonMark 2.4), and what a table, HTML or an entity would be made of. */
const markup = /[\\`*_{}[\]#!~^$&<>|]/g;
/** Where a backslash is not enough: a pipe in a cell ends it all the same. */
const entities: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;" };
/** What begins a list, a quote or an underlined heading at the start of a line. */
const lineStart = /^(\s*)(?:([-+=])|(\d+)([.)]))/;

/** One line of text for a place inside a sentence, a cell or a list item. Not for code: see `markdownCode`. */
export function markdownText(text: string): string {
  return terminalText(text)
    .split(references)
    .map((piece) => piece.replace(markup, (character) => entities[character] ?? `\\${character}`))
    .join(split)
    .replace(lineStart, (_, space: string, sign?: string, number?: string, mark?: string) =>
      sign === undefined ? `${space}${number}\\${mark}` : `${space}\\${sign}`,
    );
}

/** One line as code; empty text stays empty. Also for the cell of a table. */
export function markdownCode(text: string): string {
  const safe = terminalText(text);
  if (safe === "") return "";
  if (!/[`|\\]|^\s|\s$/.test(safe)) return `\`${safe}\``;
  // A span cannot hold these in every place, so it is HTML whose every sign is an entity.
  return `<code>${safe.replace(/[^\p{L}\p{N} ]/gu, (sign) => `&#${sign.codePointAt(0)};`).replaceAll("&#64;", `&#64;${split}`)}</code>`;
}

/** Lines as a block of code, in a fence that none of them can end. `language` is a word of ours. */
export function markdownCodeBlock(lines: readonly string[], language = "text"): readonly string[] {
  const safe = lines.map(terminalText);
  const longest = Math.max(2, ...safe.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...safe, fence];
}
