/** A value of a file, as a message names it. */
import { quoted } from "../messages/quoted.ts";
import type { Json } from "../model/json.ts";

/** Such as `"abc"`, `5`, `nothing (null)`, `a list of 3`, `a mapping of a, b`. */
export function valueInWords(value: Json): string {
  if (value === null) return "nothing (null)";
  if (typeof value === "string") return value === "" ? "an empty text" : quoted(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return "an empty mapping";
  return `a mapping of ${keys
    .slice(0, 4)
    .map((key) => key.slice(0, 40))
    .join(", ")}${keys.length > 4 ? ", …" : ""}`;
}
