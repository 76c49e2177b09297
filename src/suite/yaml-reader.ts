/** Turns parsed YAML into a source tree: aliases are shared and counted, never copied, and every value is one that JSON can hold. */
import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";
import { yamlSyntax } from "../messages/suite-files.ts";
import {
  aliasesExpand,
  duplicateKey,
  nestedTooDeeply,
  numberNotExact,
  unsuitableKey,
} from "../messages/suite-values.ts";
import type { Json } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import { isExactNumber } from "./exact-number.ts";
import {
  emptyNode,
  longestNesting,
  type Place,
  pathInWords,
  type SourceField,
  type SourceNode,
  type SourcePath,
} from "./source-tree.ts";
import { textProblems } from "./text-problems.ts";

/** Values that aliases may stand for in one file, and the characters of their texts. */
export const maxAliasedValues = 100_000;
export const maxAliasedCharacters = 64 * 2 ** 20;

export interface YamlReading {
  /** Path as a person would type it. */
  readonly file: string;
  readonly lines: LineCounter;
  /** Appended to. */
  readonly problems: Problem[];
}

/** The tree below a document's contents; an empty document reads as null. */
export function readYaml(contents: Node | null, reading: YamlReading): SourceNode {
  return contents === null ? emptyNode : new YamlReader(reading).read(contents, []);
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

  constructor({ file, lines, problems }: YamlReading) {
    this.#file = file;
    this.#lines = lines;
    this.#problems = problems;
  }

  read(node: Node, path: SourcePath): SourceNode {
    if (isAlias(node)) return this.#alias(node.source, node);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, "unfinished");
    const read = path.length > longestNesting ? this.#tooDeep(node, path) : this.#content(node, path);
    if (anchor !== undefined) this.#anchors.set(anchor, read);
    return read;
  }

  /** A key without any value, such as `{ a }`, has none of its own place. */
  #readOrEmpty(value: unknown, place: Place, path: SourcePath): SourceNode {
    return isNode(value) ? this.read(value, path) : { ...emptyNode, place };
  }

  #content(node: Node, path: SourcePath): SourceNode {
    const place = this.#place(node);
    if (isMap(node)) return this.#mapping(node.items, place, path);
    if (isSeq(node)) {
      const items = node.items.map((item, index) => this.#readOrEmpty(item, place, [...path, index]));
      return this.#weighed({ ...emptyNode, value: items.map((item) => item.value), place, items });
    }
    const value = this.#scalar(isScalar(node) ? node.value : null, node, path);
    return this.#weighed({ ...emptyNode, value: value ?? null, place, isRefused: value === undefined });
  }

  #mapping(pairs: readonly { key: unknown; value: unknown }[], place: Place, path: SourcePath): SourceNode {
    const fields = new Map<string, SourceField>();
    for (const { key, value } of pairs) {
      const keyNode = isNode(key) ? key : null;
      const keyPlace = keyNode === null ? place : this.#place(keyNode);
      const name = this.#keyName(keyNode, keyPlace, path);
      const node = this.#readOrEmpty(value, keyPlace, [...path, name ?? "?"]);
      if (name === null) continue;
      const first = fields.get(name);
      if (first !== undefined) {
        const at = { file: this.#file, ...keyPlace };
        const words = pathInWords([...path, name]);
        this.#problems.push(duplicateKey({ location: at, path: words, first: { file: this.#file, ...first.key } }));
      }
      fields.set(name, { key: keyPlace, node });
    }
    const value = Object.fromEntries([...fields].map(([name, field]) => [name, field.node.value]));
    return this.#weighed({ ...emptyNode, value, place, fields });
  }

  #keyName(node: Node | null, place: Place, path: SourcePath): string | null {
    const key = node !== null && isScalar(node) ? node.value : null;
    if (typeof key === "string" && key !== "__proto__") {
      this.#problems.push(...textProblems(key, { file: this.#file, ...place }, [...path, key]));
      return key;
    }
    const found = typeof key === "object" ? "a key that is no text" : `the key ${String(key)}`;
    const mapping = pathInWords(path) || "the file";
    this.#problems.push(unsuitableKey({ location: { file: this.#file, ...place }, path: mapping, found }));
    return null;
  }

  /** Undefined for what no JSON value can stand for. */
  #scalar(value: unknown, node: Node, path: SourcePath): Json | undefined {
    const location = { file: this.#file, ...this.#place(node) };
    if (typeof value === "string") {
      this.#problems.push(...textProblems(value, location, path));
      return value;
    }
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number" && isExactNumber(value)) return value;
    const found = isScalar(node) && node.source !== undefined ? node.source : String(value);
    this.#problems.push(numberNotExact({ location, path: pathInWords(path), found: found.slice(0, 80) }));
    return undefined;
  }

  #alias(name: string, node: Node): SourceNode {
    const target = this.#anchors.get(name);
    const location = { file: this.#file, ...this.#place(node) };
    if (target === undefined) {
      const what = `Alias *${name.slice(0, 60)} has no anchor before it`;
      const advice = `Write &name before the value that *name shall stand for, or put the text in quotes.`;
      this.#problems.push(yamlSyntax({ location, what, line: `*${name}`, advice }));
      return this.#refused(node);
    }
    const weight = target === "unfinished" ? null : this.#weights.get(target);
    if (target !== "unfinished" && weight !== undefined && weight !== null) {
      this.#aliased = add(this.#aliased, weight);
      if (this.#aliased.values <= maxAliasedValues && this.#aliased.characters <= maxAliasedCharacters) return target;
    }
    const { values, characters } = this.#aliased;
    const about =
      target === "unfinished"
        ? { found: `alias *${name.slice(0, 60)} inside its own anchor`, expected: "an alias after its anchor" }
        : {
            found: `aliases that expand to ${values} values and ${characters} characters`,
            expected: `at most ${maxAliasedValues} values and ${maxAliasedCharacters} characters`,
          };
    if (!this.#refusedAliases) this.#problems.push(aliasesExpand({ location, ...about }));
    this.#refusedAliases = true;
    return this.#refused(node);
  }

  #tooDeep(node: Node, path: SourcePath): SourceNode {
    const location = { file: this.#file, ...this.#place(node) };
    this.#problems.push(nestedTooDeeply({ location, path: pathInWords(path.slice(0, 4)), limit: longestNesting }));
    return this.#refused(node);
  }

  #refused(node: Node): SourceNode {
    return { ...emptyNode, place: this.#place(node), isRefused: true };
  }

  #weighed(node: SourceNode): SourceNode {
    const own = typeof node.value === "string" ? node.value.length : 0;
    const inside = [...node.items, ...Array.from(node.fields.values(), (field) => field.node)];
    const weight = inside.map((child) => this.#weights.get(child) ?? { values: 1, characters: 0 });
    this.#weights.set(node, weight.reduce(add, { values: 1, characters: own }));
    return node;
  }

  #place(node: Node): Place {
    const { line, col } = this.#lines.linePos(node.range?.[0] ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

const add = (a: Weight, b: Weight): Weight => ({
  values: a.values + b.values,
  characters: a.characters + b.characters,
});

const isNode = (value: unknown): value is Node => isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
