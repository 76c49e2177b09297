/** Parses YAML into a source tree: aliases are shared and counted, never copied, and every value is one that JSON can hold. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { aliasesExpand, duplicateKey, unsuitableValue, yamlSyntax } from "../messages/suite-files.ts";
import type { Json } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import {
  emptyNode,
  longestNesting,
  pathInWords,
  type Source,
  type SourceNode,
  type SourcePath,
} from "./source-tree.ts";
import { textProblems } from "./text-problems.ts";
import { yamlAdvice } from "./yaml-advice.ts";

/** Values that aliases may stand for in one file, and the characters of their texts. */
export const maxAliasedValues = 100_000;
export const maxAliasedCharacters = 64 * 2 ** 20;

/** Null when the file is not YAML at all; problems are appended in either case. */
export function parseYaml(file: string, text: string, problems: Problem[]): Source | null {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: false,
    logLevel: "silent",
  });
  if (document.errors.length + document.warnings.length > 0) {
    problems.push(...syntaxProblems(file, text, document, lineCounter));
    return null;
  }
  const reader = new YamlReader(file, lineCounter, problems);
  const root = reader.read(document.contents, []);
  return { file, root };
}

function syntaxProblems(file: string, text: string, document: Document, lineCounter: LineCounter): Problem[] {
  const lines = text.split("\n");
  const seen = new Set<number>();
  return [...document.errors, ...document.warnings].flatMap((error) => {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    // One mistake makes a parser stumble several times on one line; the first says what is wrong.
    if (seen.has(line)) return [];
    seen.add(line);
    const what = error.message.replace(/\s+/g, " ").replace(/[.:]?\s*$/, "");
    const found = (lines[line - 1] ?? "").trimEnd();
    return [yamlSyntax({ location: { file, line, column: col }, what, line: found, advice: yamlAdvice(error.code) })];
  });
}

interface Weight {
  readonly values: number;
  readonly characters: number;
}

/** Walks one document; it remembers anchors in the order in which they are written. */
class YamlReader {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #problems: Problem[];
  readonly #anchors = new Map<string, SourceNode | "unfinished">();
  readonly #weights = new Map<SourceNode, Weight>();
  #aliased: Weight = { values: 0, characters: 0 };
  #refusedAliases = false;

  constructor(file: string, lines: LineCounter, problems: Problem[]) {
    this.#file = file;
    this.#lines = lines;
    this.#problems = problems;
  }

  read(node: Node | null, path: SourcePath): SourceNode {
    if (node === null) return emptyNode;
    if (isAlias(node)) return this.#alias(node.source, node);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, "unfinished");
    const read = path.length > longestNesting ? this.#tooDeep(node, path) : this.#content(node, path);
    if (anchor !== undefined) this.#anchors.set(anchor, read);
    return read;
  }

  #content(node: Node, path: SourcePath): SourceNode {
    const place = this.#place(node);
    if (isMap(node)) return this.#mapping(node.items, place, path);
    if (isSeq(node)) {
      const items = node.items.map((item, index) => this.read(isNode(item) ? item : null, [...path, index]));
      return this.#weighed({ ...emptyNode, value: items.map((item) => item.value), place, items });
    }
    return this.#weighed({ ...emptyNode, value: this.#scalar(isScalar(node) ? node.value : null, node, path), place });
  }

  #mapping(
    pairs: readonly { key: unknown; value: unknown }[],
    place: SourceNode["place"],
    path: SourcePath,
  ): SourceNode {
    const fields = new Map<string, { key: SourceNode["place"]; node: SourceNode }>();
    for (const { key, value } of pairs) {
      const keyNode = isNode(key) ? key : null;
      const keyPlace = keyNode === null ? place : this.#place(keyNode);
      const name = this.#keyName(keyNode, keyPlace, path);
      const node = this.read(isNode(value) ? value : null, [...path, name ?? "?"]);
      if (name === null) continue;
      const first = fields.get(name);
      if (first !== undefined) {
        const at = { file: this.#file, ...keyPlace };
        const words = pathInWords([...path, name]);
        this.#problems.push(duplicateKey({ location: at, path: words, first: { file: this.#file, ...first.key } }));
      }
      fields.set(name, { key: keyPlace, node: node === emptyNode ? { ...emptyNode, place: keyPlace } : node });
    }
    const value = Object.fromEntries([...fields].map(([name, field]) => [name, field.node.value]));
    return this.#weighed({ ...emptyNode, value, place, fields });
  }

  #keyName(node: Node | null, place: SourceNode["place"], path: SourcePath): string | null {
    const key = node !== null && isScalar(node) ? node.value : null;
    if (typeof key === "string" && key !== "__proto__") {
      this.#problems.push(...textProblems(key, { file: this.#file, ...place }, [...path, key]));
      return key;
    }
    this.#problems.push(
      unsuitableValue({
        location: { file: this.#file, ...place },
        path: `A key of ${path.length === 0 ? "the file" : pathInWords(path)}`,
        found: typeof key === "object" ? "a key that is no text" : `the key ${String(key)}`,
        expected: "a text as key",
      }),
    );
    return null;
  }

  #scalar(value: unknown, node: Node, path: SourcePath): Json {
    const location = { file: this.#file, ...this.#place(node) };
    if (typeof value === "string") {
      this.#problems.push(...textProblems(value, location, path));
      return value;
    }
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number" && Number.isFinite(value)) {
      if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
    }
    this.#problems.push(
      unsuitableValue({
        location,
        path: pathInWords(path),
        found: isScalar(node) && node.source !== undefined ? node.source.slice(0, 80) : String(value).slice(0, 80),
        expected: "a finite number, exact up to 2^53 - 1, a text, true, false or null",
      }),
    );
    return null;
  }

  #alias(name: string, node: Node): SourceNode {
    const target = this.#anchors.get(name);
    const location = { file: this.#file, ...this.#place(node) };
    if (target === undefined) {
      const what = `Alias *${name.slice(0, 60)} has no anchor before it`;
      const advice = `Write &name before the value that *name shall stand for, or put the text in quotes.`;
      this.#problems.push(yamlSyntax({ location, what, line: `*${name}`, advice }));
      return emptyNode;
    }
    const weight = target === "unfinished" ? null : this.#weights.get(target);
    if (target !== "unfinished" && weight !== undefined && weight !== null) {
      this.#aliased = add(this.#aliased, weight);
      if (this.#aliased.values <= maxAliasedValues && this.#aliased.characters <= maxAliasedCharacters) return target;
    }
    if (!this.#refusedAliases) {
      this.#refusedAliases = true;
      this.#problems.push(
        aliasesExpand(
          target === "unfinished"
            ? {
                location,
                found: `alias *${name.slice(0, 60)} inside its own anchor`,
                expected: "an alias after its anchor",
              }
            : {
                location,
                found: `aliases that expand to ${this.#aliased.values} values and ${this.#aliased.characters} characters`,
                expected: `at most ${maxAliasedValues} values and ${maxAliasedCharacters} characters`,
              },
        ),
      );
    }
    return emptyNode;
  }

  #tooDeep(node: Node, path: SourcePath): SourceNode {
    this.#problems.push(
      unsuitableValue({
        location: { file: this.#file, ...this.#place(node) },
        path: pathInWords(path.slice(0, 4)),
        found: `values nested more than ${longestNesting} deep`,
        expected: `at most ${longestNesting} levels`,
      }),
    );
    return emptyNode;
  }

  #weighed(node: SourceNode): SourceNode {
    const own = typeof node.value === "string" ? node.value.length : 0;
    const inside = [...node.items, ...Array.from(node.fields.values(), (field) => field.node)];
    const weight = inside.map((child) => this.#weights.get(child) ?? { values: 1, characters: 0 });
    this.#weights.set(node, weight.reduce(add, { values: 1, characters: own }));
    return node;
  }

  #place(node: Node): SourceNode["place"] {
    const { line, col } = this.#lines.linePos(node.range?.[0] ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

const add = (a: Weight, b: Weight): Weight => ({
  values: a.values + b.values,
  characters: a.characters + b.characters,
});

const isNode = (value: unknown): value is Node => isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
