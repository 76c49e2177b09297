/** JSON for a data block of a page: no text in it can end the block or open a comment. */

/** Compact JSON in which every `<`, `>` and `&`, every unseen separator and every half of a surrogate pair is escaped. */
export function inlineJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
