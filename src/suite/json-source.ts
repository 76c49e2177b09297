/** Parses one line of JSON into a source tree, strictly: JSON.parse would neither tell columns nor notice a key that is written twice. */

import { quoted } from "../messages/quoted.ts";
import { jsonSyntax } from "../messages/suite-files.ts";
import { duplicateKey, numberNotExact, unsuitableKey } from "../messages/suite-values.ts";
import type { Json } from "../model/json.ts";
import { GateError, type Problem } from "../model/problem.ts";
import { isExactNumber } from "./exact-number.ts";
import {
  emptyNode,
  longestNesting,
  pathInWords,
  type Source,
  type SourceField,
  type SourceNode,
  type SourcePath,
} from "./source-tree.ts";
import { textProblems } from "./text-problems.ts";

/** Null when the line is not JSON; problems are appended in either case. `line` is 1-based. */
export function parseJsonLine(file: string, text: string, line: number, problems: Problem[]): Source | null {
  const found: Problem[] = [];
  const reader = new JsonReader(file, text, line, found);
  try {
    const root = reader.document();
    problems.push(...found);
    return { file, whole: "The line", root };
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const wordPattern = /true|false|null/y;

/** A cursor over one line; throws at the first syntax error, since what follows it means nothing. */
class JsonReader {
  readonly #file: string;
  readonly #text: string;
  readonly #line: number;
  readonly #problems: Problem[];
  #at = 0;

  constructor(file: string, text: string, line: number, problems: Problem[]) {
    this.#file = file;
    this.#text = text;
    this.#line = line;
    this.#problems = problems;
  }

  document(): SourceNode {
    const root = this.#value([]);
    this.#space();
    if (this.#at < this.#text.length) throw this.#error("nothing after the value");
    return root;
  }

  #value(path: SourcePath): SourceNode {
    this.#space();
    if (path.length > longestNesting) throw this.#error(`at most ${longestNesting} levels of nesting`);
    const place = { line: this.#line, column: this.#at + 1 };
    const next = this.#text[this.#at];
    if (next === "{") return this.#mapping(place, path);
    if (next === "[") return this.#list(place, path);
    const value = this.#scalar(path);
    return { ...emptyNode, value: value ?? null, place, isRefused: value === undefined };
  }

  #mapping(place: SourceNode["place"], path: SourcePath): SourceNode {
    const fields = new Map<string, SourceField>();
    this.#at += 1;
    this.#space();
    if (this.#take("}")) return { ...emptyNode, value: {}, place, fields };
    do {
      this.#space();
      const key = { line: this.#line, column: this.#at + 1 };
      const name = this.#string([...path, "?"]);
      const location = { file: this.#file, ...key };
      this.#space();
      if (!this.#take(":")) throw this.#error('":" after the key');
      const node = this.#value([...path, name]);
      this.#space();
      if (name === "__proto__") {
        const mapping = pathInWords(path) || "the line";
        this.#problems.push(unsuitableKey({ location, path: mapping, found: `the key ${name}` }));
        continue;
      }
      const first = fields.get(name);
      if (first !== undefined) {
        const words = pathInWords([...path, name]);
        this.#problems.push(duplicateKey({ location, path: words, first: { file: this.#file, ...first.key } }));
      }
      fields.set(name, { key, node });
    } while (this.#take(","));
    if (!this.#take("}")) throw this.#error('"," or "}"');
    const value = Object.fromEntries([...fields].map(([name, field]) => [name, field.node.value]));
    return { ...emptyNode, value, place, fields };
  }

  #list(place: SourceNode["place"], path: SourcePath): SourceNode {
    const items: SourceNode[] = [];
    this.#at += 1;
    this.#space();
    if (this.#take("]")) return { ...emptyNode, value: [], place };
    do {
      items.push(this.#value([...path, items.length]));
      this.#space();
    } while (this.#take(","));
    if (!this.#take("]")) throw this.#error('"," or "]"');
    return { ...emptyNode, value: items.map((item) => item.value), place, items };
  }

  /** Undefined for a number that would be rounded. */
  #scalar(path: SourcePath): Json | undefined {
    if (this.#text[this.#at] === '"') return this.#string(path);
    const location = { file: this.#file, line: this.#line, column: this.#at + 1 };
    const word = this.#match(wordPattern);
    if (word !== null) return word === "null" ? null : word === "true";
    const written = this.#match(numberPattern);
    if (written === null) throw this.#error("a value");
    const number = Number(written);
    if (isExactNumber(number)) return number;
    const found = written.slice(0, 80);
    this.#problems.push(numberNotExact({ location, path: pathInWords(path), found }));
    return undefined;
  }

  #string(path: SourcePath): string {
    const start = this.#at;
    if (this.#text[start] !== '"') throw this.#error("a key in double quotes");
    const end = closingQuote(this.#text, start);
    if (end === null) throw this.#error("a closing double quote");
    const text = parsedText(this.#text.slice(start, end + 1));
    if (text === null) throw this.#error("a text whose quotes, backslashes and control characters are escaped");
    this.#at = end + 1;
    this.#problems.push(...textProblems(text, { file: this.#file, line: this.#line, column: start + 1 }, path));
    return text;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return null;
    this.#at += match[0].length;
    return match[0];
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "x")) this.#at += 1;
  }

  #error(expected: string): GateError {
    const rest = this.#text.slice(this.#at, this.#at + 200);
    const found = rest === "" ? "the end of the line" : quoted(rest);
    const location = { file: this.#file, line: this.#line, column: this.#at + 1 };
    return new GateError([jsonSyntax({ location, expected, found })]);
  }
}

/** Offset of the quote that ends the text beginning at `start`; a loop, since a pattern would recurse on a megabyte. */
function closingQuote(text: string, start: number): number | null {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at += 1;
  }
  return null;
}

function parsedText(literal: string): string | null {
  try {
    const text: unknown = JSON.parse(literal);
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}
