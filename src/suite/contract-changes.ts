/** The difference of two contracts in plain words. */
import { canonicalJson, type Json } from "../model/json.ts";
import { pathInWords, type SourcePath } from "./source-tree.ts";

type Fields = { readonly [name: string]: Json };

/** One line a changed field, in order of name, such as `engine.args.threads 2 → 4` or `engine.args.x (absent) → 1`. */
export function contractChanges(before: Fields, after: Fields): string[] {
  return changes(before, after, []);
}

function changes(before: Json | undefined, after: Json | undefined, path: SourcePath): string[] {
  if (isFields(before) && isFields(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => changes(own(before, name), own(after, name), [...path, name]));
  }
  if (isList(before) && isList(after) && before.length === after.length) {
    return before.flatMap((item, index) => changes(item, after[index], [...path, index]));
  }
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return [];
  // A mapping that appears or disappears is told field by field; an empty one has no fields to tell.
  if (before === undefined && isFields(after) && Object.keys(after).length > 0) return changes({}, after, path);
  if (after === undefined && isFields(before) && Object.keys(before).length > 0) return changes(before, {}, path);
  return [`${pathInWords(path)} ${words(before)} → ${words(after)}`];
}

const own = (fields: Fields, name: string): Json | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;
const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

function words(value: Json | undefined): string {
  if (value === undefined) return "(absent)";
  const text = typeof value === "string" ? JSON.stringify(value) : canonicalJson(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
