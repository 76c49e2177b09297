/** Which job of a matrix this one is, by the values of GitHub's `matrix` context. What stands in it may come from a branch. */
import type { Json } from "../model/json.ts";
import type { MatrixJob } from "../model/matrix-job.ts";
import { digestOfJson } from "../platform/hashing.ts";
import { cutTo } from "../report/escape/cut-to.ts";
import { terminalText } from "../report/escape/terminal-text.ts";

const longestLabel = 80;
const keyLength = 12;

/** `values` by their names, of the `matrix` context; `mask` takes secrets out of a text. Null for a job outside of a matrix. */
export function matrixJobOf(
  values: { readonly [name: string]: Json } | null,
  mask: (text: string) => string,
): MatrixJob | null {
  if (values === null) return null;
  const key = digestOfJson(values).slice("sha256:".length).slice(0, keyLength);
  const words = Object.values(values).flatMap(scalarsOf);
  const label = cutTo(terminalText(mask(words.filter((word) => word !== "").join(", "))), longestLabel);
  // Where other values might look the same, the key tells them apart.
  const isPlain = Object.values(values).every(isPlainValue) && label === words.join(", ");
  return { label: isPlain ? label : `${label} ${key}`.trim(), key };
}

/** In their order, as GitHub lists them: what is nested one by one. */
function scalarsOf(value: Json): readonly string[] {
  if (value === null) return [];
  return typeof value === "object" ? Object.values(value).flatMap(scalarsOf) : [String(value)];
}

/** One that could be no other's, joined with commas. */
const isPlainValue = (value: Json) => typeof value !== "object" && /^[^,\s]+(?: [^,\s]+)*$/.test(String(value));
