/** A sampling field that was mistyped, where an engine may have fields of its own that nobody here knows. */
import { editDistance } from "../model/nearest-name.ts";

/** Shorter names are told from each other by single letters: `top_a` is a real field of some engines. */
const shortest = 6;
const most = 2;

/** The standard field that is certainly meant: another way to write its name, or, for longer names, at most two letters away. */
export function mistypedField<Field extends string>(name: string, standard: readonly Field[]): Field | null {
  if (name.length > 100) return null;
  const letters = lettersOf(name);
  const same = standard.find((field) => lettersOf(field) === letters);
  if (same !== undefined) return same;
  if (name.length < shortest) return null;
  const near = standard
    .filter((field) => field.length >= shortest)
    .map((field) => ({ field, distance: editDistance(name.toLowerCase(), field) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.field ?? null;
}

const lettersOf = (name: string) => name.toLowerCase().replace(/[^a-z]/g, "");
