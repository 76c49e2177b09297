/** JSON values and their canonical text, the form every digest is taken over. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A deeply ordered JSON text after RFC 8785: keys sorted by UTF-16 code unit, numbers as ECMAScript prints them. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== "object") {
    if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  const object = value as { readonly [key: string]: Json };
  const entries = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] as Json)}`);
  return `{${entries.join(",")}}`;
}
