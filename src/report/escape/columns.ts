/** Text in terminal columns: how wide it is, cutting it and wrapping it. For text that `terminalText` has made safe. */

const noWidth = /[\p{Mn}\p{Me}]/u;
/** East Asian Wide and Fullwidth blocks (UAX #11) and emoji that show as pictures. */
const twoColumns =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18d08}\u{1b000}-\u{1b2fb}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Columns that a terminal gives to the text. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text, or its start and `…`, in at most `columns`. */
export function cutEnd(text: string, columns: number): string {
  if (fits(text, columns)) return text;
  return `${prefixWithin(text, Math.max(0, columns - 1))}…`;
}

/** The text, or `…` and its end, in at most `columns`. */
export function cutStart(text: string, columns: number): string {
  if (fits(text, columns)) return text;
  const characters = Array.from(text);
  let from = characters.length;
  let width = 1;
  while (from > 0) {
    width += characterWidth(characters[from - 1] ?? "");
    if (width > columns) break;
    from -= 1;
  }
  return `…${characters.slice(from).join("")}`;
}

/** Filled with spaces up to `columns`. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** Broken at spaces into lines of at most `columns`; a longer word is cut hard, a command after `: ` is never broken. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of wordsOf(text)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (fits(longer, columns)) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (!isCommand(line) && !fits(line, columns)) {
      const row = prefixWithin(line, columns) || (Array.from(line)[0] ?? "");
      lines.push(row);
      line = line.slice(row.length);
    }
  }
  return [...lines, line];
}

/** Cut hard every `columns`; the last of `rows` ends in `…` when there is more. */
export function wrapHard(text: string, columns: number, rows: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (lines.length < rows - 1 && !fits(rest, columns)) {
    const row = prefixWithin(rest, columns) || (Array.from(rest)[0] ?? "");
    lines.push(row);
    rest = rest.slice(row.length);
  }
  return [...lines, cutEnd(rest, columns)];
}

const commandStart = /(?<=: )inference-gate /;
const isCommand = (word: string) => word.startsWith("inference-gate ");

function wordsOf(text: string): readonly string[] {
  const command = text.search(commandStart);
  if (command === -1) return text.split(" ");
  return [...text.slice(0, command).trimEnd().split(" "), text.slice(command)];
}

/** Counts no further than it must: a text may be very long. */
function fits(text: string, columns: number): boolean {
  return prefixWithin(text, columns).length === text.length;
}

function prefixWithin(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (noWidth.test(character)) return 0;
  return twoColumns.test(character) ? 2 : 1;
}
