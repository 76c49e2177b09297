/** Turns what a zod schema refuses into problems with line and column. */
import type { z } from "zod";
import { missingField, unknownField, wrongValue } from "../messages/suite-fields.ts";
import type { Json } from "../model/json.ts";
import { nearestName } from "../model/nearest-name.ts";
import type { Problem } from "../model/problem.ts";
import { locationOf, locationOfKey, nodeAt, pathInWords, type Source, type SourcePath } from "./source-tree.ts";
import { valueInWords } from "./value-in-words.ts";

/** Where a schema is laid over a file, and what to add to every help. */
export interface SchemaSite {
  readonly source: Source;
  /** Path of the part that the schema describes. */
  readonly path: SourcePath;
  readonly help: readonly string[];
}

/** What the schema makes of a part of the file; null when it refuses it, with its problems appended. */
export function parsePart<Schema extends z.ZodType>(
  schema: Schema,
  site: SchemaSite,
  problems: Problem[],
): z.output<Schema> | null {
  const parsed = schema.safeParse(nodeAt(site.source, site.path)?.value);
  if (parsed.success) return parsed.data;
  problems.push(...parsed.error.issues.flatMap((issue) => issueProblems(issue, schema, site)));
  return null;
}

function issueProblems(issue: z.core.$ZodIssue, schema: z.ZodType, site: SchemaSite): Problem[] {
  const { source, help } = site;
  const inside = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const path = [...site.path, ...inside];
  if (issue.code === "unrecognized_keys") {
    const known = namesAt(schema, inside);
    return issue.keys.map((key) => unknownProblem(source, [...path, key], known, help));
  }
  const words = pathInWords(path) || source.whole;
  if (issue.code === "invalid_key") {
    const expected = issue.issues[0]?.message ?? "another name";
    const found = JSON.stringify(String(path.at(-1)).slice(0, 80));
    return [wrongValue({ location: locationOfKey(source, path), path: words, found, expected, nearest: null, help })];
  }
  const node = nodeAt(source, path);
  if (node === null)
    return [missingField({ location: locationOf(source, path), path: words, expected: issue.message, help })];
  if (node.isRefused) return [];
  const found = valueInWords(node.value);
  const nearest = issue.code === "invalid_value" ? nearestValue(node.value, issue.values) : null;
  const location = locationOf(source, path);
  return [wrongValue({ location, path: words, found, expected: issue.message, nearest, help })];
}

/** The one of a fixed set of names that a text nearly is. */
function nearestValue(value: Json, names: readonly unknown[]): string | null {
  const known = names.filter((name) => typeof name === "string");
  return typeof value === "string" ? nearestName(value, known) : null;
}

/** The problem of a field that nobody knows, with the nearest name that could have been meant. */
export function unknownProblem(
  source: Source,
  path: SourcePath,
  known: readonly string[],
  help: readonly string[] = [],
): Problem {
  const name = String(path.at(-1) ?? "");
  const merge = name === "<<" ? ["YAML merge keys are not read: write the fields out, or use a whole alias."] : [];
  return unknownField({
    location: locationOfKey(source, path),
    path: pathInWords(path),
    nearest: nearestName(name, known),
    known,
    help: [...merge, ...help],
  });
}

/** Field names of the mapping at a path inside a schema. */
function namesAt(schema: unknown, path: SourcePath): readonly string[] {
  let current: unknown = schema;
  for (const step of path) {
    const shape = shapeOf(current);
    current = shape === null ? innerOf(current, step) : shape[step];
  }
  return Object.keys(shapeOf(current) ?? {});
}

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null;

const definitionOf = (schema: unknown): { readonly [name: string]: unknown } => {
  const definition = isRecord(schema) ? schema.def : null;
  return isRecord(definition) ? definition : {};
};

function unwrapped(schema: unknown): unknown {
  const { innerType } = definitionOf(schema);
  return innerType === undefined ? schema : unwrapped(innerType);
}

function shapeOf(schema: unknown): { readonly [name: string]: unknown } | null {
  const { shape } = definitionOf(unwrapped(schema));
  return isRecord(shape) ? shape : null;
}

function innerOf(schema: unknown, step: string | number): unknown {
  const { element, valueType } = definitionOf(unwrapped(schema));
  return typeof step === "number" ? element : valueType;
}

/** Whether a value is a mapping. */
export const isMapping = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
