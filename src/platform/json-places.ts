/** Where things stand in a JSON text: the first syntax mistake, and the place of the value at a path. Slow and exact; for messages only. */

/** 1-based; the column in UTF-16 code units. */
export interface JsonPlace {
  readonly line: number;
  readonly column: number;
}

export type JsonPath = readonly (string | number)[];

export interface JsonMistake {
  readonly place: JsonPlace;
  /** Such as `the end of the file` or `"}"`. */
  readonly found: string;
  readonly expected: string;
  /** True when the text ends where more was expected. */
  readonly isCutShort: boolean;
}

/** The first mistake of a text that is no JSON (RFC 8259); null when it is JSON. */
export function jsonMistake(text: string): JsonMistake | null {
  try {
    walk(text, () => {});
    return null;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const { offset, expected } = error;
    const isCutShort = offset >= text.length;
    const found = isCutShort
      ? "the end of the text"
      : JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0));
    return { place: placeAt(text, offset), found, expected, isCutShort };
  }
}

/** Where the value at `path` begins; where its nearest parent that exists begins when there is no such value. The text must be JSON. */
export function jsonPlaceOf(text: string, path: JsonPath): JsonPlace {
  let best = { depth: -1, offset: 0 };
  walk(text, (at, offset) => {
    const isOnTheWay = at.length > best.depth && at.every((step, index) => step === path[index]);
    if (isOnTheWay) best = { depth: at.length, offset };
  });
  return placeAt(text, best.offset);
}

/** Line and column of an offset in UTF-16 code units; only `\n` ends a line. */
export function placeAt(text: string, offset: number): JsonPlace {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end !== -1 && end < offset; end = text.indexOf("\n", start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

class Mistake extends Error {
  readonly offset: number;
  readonly expected: string;

  constructor(offset: number, expected: string) {
    super(expected);
    this.offset = offset;
    this.expected = expected;
  }
}

const deepest = 512;
const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plain = /[^"\\\u0000-\u001f]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Visits every value with its path (the same array each time) and offset, parents first. Throws Mistake. */
function walk(text: string, visit: (path: JsonPath, offset: number) => void): void {
  const path: (string | number)[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const skip = () => {
    take(space);
  };
  const isNext = (mark: string) => {
    if (text[at] !== mark) return false;
    at += 1;
    return true;
  };
  const string = (): string => {
    const start = at;
    at += 1;
    for (;;) {
      take(plain);
      if (isNext('"')) return JSON.parse(text.slice(start, at));
      if (at >= text.length) throw new Mistake(at, 'the closing " of a text');
      if (text[at] !== "\\") throw new Mistake(at, "a control character written as an escape, such as \\n");
      if (take(escaped) === null)
        throw new Mistake(text.length - at < 6 ? text.length : at, "a JSON escape such as \\n");
    }
  };
  const items = (close: "]" | "}", item: (index: number) => void) => {
    at += 1;
    skip();
    if (isNext(close)) return;
    for (let index = 0; ; index += 1) {
      item(index);
      path.pop();
      skip();
      if (isNext(close)) return;
      if (!isNext(",")) throw new Mistake(at, `"," or "${close}"`);
      skip();
    }
  };
  const value = (): void => {
    if (path.length > deepest) throw new Mistake(at, `at most ${deepest} levels`);
    visit(path, at);
    if (text[at] === "[") {
      items("]", (index) => {
        path.push(index);
        value();
      });
    } else if (text[at] === "{") {
      items("}", () => {
        if (text[at] !== '"') throw new Mistake(at, "a field name in double quotes");
        path.push(string());
        skip();
        if (!isNext(":")) throw new Mistake(at, '":"');
        skip();
        value();
      });
    } else if (text[at] === '"') string();
    else scalar();
  };
  const scalar = () => {
    for (const word of ["true", "false", "null"]) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return;
      }
      if (at < text.length && word.startsWith(text.slice(at))) throw new Mistake(text.length, word);
    }
    if (take(number) === null)
      throw new Mistake(text[at] === "-" && at + 1 === text.length ? text.length : at, "a JSON value");
  };
  skip();
  value();
  skip();
  if (at < text.length) throw new Mistake(at, "nothing more");
}
