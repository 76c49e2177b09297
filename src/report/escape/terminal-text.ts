/** Hostile text made safe for a terminal and for a log that a runner reads: what cannot be seen is shown, what commands is broken. */

/**
 * Everything that is not shown as itself: controls, formats (bidirectional overrides, zero-width), lone surrogates, every space but
 * the plain one, line and paragraph separators, and whatever a terminal may leave out.
 */
const unseen = /(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** `##[group]`, `##vso[…]`, `##teamcity[…]`: commands of build servers wherever they stand in a line. */
const commandAnywhere = /##(\w*)\[/g;

/** `::error::` at the start of a line; GitHub's runner skips white space before it (actions/runner, ActionCommand.TryParseV2). */
const commandAtStart = /^((?:\x1b\[[0-9;]*m|\s)*):(?=(?:\x1b\[[0-9;]*m)*:)/;

/** The text on one line: controls as pictures (`␛`, `⏎`, `␉`), other unseen characters as `\u{202e}`. Idempotent. */
export function terminalText(text: string): string {
  return withoutCommands(visibleText(text));
}

/** The text on one line with nothing in it that cannot be seen; what commands is left. Idempotent. */
export function visibleText(text: string): string {
  return text.replace(unseen, visible);
}

/** The lines of a text, each made safe; `\n`, `\r\n` and `\r` end a line. */
export function terminalLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map(terminalText);
}

/** A line in which no build server sees a command; colours of ours may stand in it. Idempotent. */
export function withoutCommands(line: string): string {
  return line.replace(commandAnywhere, "##$1\\u{5b}").replace(commandAtStart, "$1\\u{3a}");
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0a) return "⏎";
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `\\u{${code.toString(16)}}`;
}
