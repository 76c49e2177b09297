/** A parsed file whose every value still knows its line and column, so that a mistake can be shown where it was written. */
import type { Json } from "../model/json.ts";
import type { SourceLocation } from "../model/problem.ts";

/** 1-based; the column in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface SourceField {
  readonly key: Place;
  readonly node: SourceNode;
}

export interface SourceNode {
  readonly value: Json;
  readonly place: Place;
  /** Fields of a mapping; empty for anything else. */
  readonly fields: ReadonlyMap<string, SourceField>;
  /** Items of a list; empty for anything else. */
  readonly items: readonly SourceNode[];
  /** What is written here was refused, and its problem is known; `value` is only a stand-in. */
  readonly isRefused: boolean;
}

/** Levels that a file may be nested; deeper files only serve to exhaust a reader. */
export const longestNesting = 64;

/** An absent value. */
export const emptyNode: SourceNode = {
  value: null,
  place: { line: 1, column: 1 },
  fields: new Map(),
  items: [],
  isRefused: false,
};

export interface Source {
  /** Path as a person would type it. */
  readonly file: string;
  /** How a message names the root. */
  readonly whole: "The file" | "The line";
  readonly root: SourceNode;
}

export type SourcePath = readonly (string | number)[];

/** The node at a path, or null where the file has none. */
export function nodeAt(source: Source, path: SourcePath): SourceNode | null {
  let node: SourceNode | undefined = source.root;
  for (const step of path) {
    node = typeof step === "number" ? node?.items[step] : node?.fields.get(step)?.node;
    if (node === undefined) return null;
  }
  return node;
}

/** Where the value at a path is written; for a missing one, the key of the nearest mapping or the place of the list item that it is missing from. */
export function locationOf(source: Source, path: SourcePath): SourceLocation {
  const node = nodeAt(source, path);
  if (node !== null) return { file: source.file, ...node.place };
  return locationOfKey(source, path.slice(0, -1));
}

/** Where the key at a path is written; for a list item, where the item is; for a missing one, its parent's key. */
export function locationOfKey(source: Source, path: SourcePath): SourceLocation {
  const [parents, last] = [path.slice(0, -1), path.at(-1)];
  if (last === undefined) return { file: source.file, line: 1, column: 1 };
  const parent = nodeAt(source, parents);
  const place = typeof last === "number" ? parent?.items[last]?.place : parent?.fields.get(last)?.key;
  return place === undefined ? locationOfKey(source, parents) : { file: source.file, ...place };
}

const plainName = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Such as `cases[3].sampling.seed`; a key that is no plain name stands in quotes. */
export function pathInWords(path: SourcePath): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const name = plainName.test(step) ? step : JSON.stringify(step.slice(0, 80));
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}
