/** Hostile text on one line of a title: quoted, its control characters escaped, cut. */

/** Characters of a title that foreign text may take. */
const longestQuote = 80;

/** Such as `"a\nb"`; cut after 80 characters with an ellipsis. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote - 1)}…` : text);
}
