/** Guesses what happened to a golden whose bytes are not those that were recorded. */
import type { GoldenDamage } from "../messages/goldens.ts";
import type { Digest } from "../model/digest.ts";
import { digestOf } from "../platform/hashing.ts";
import { jsonMistake } from "../platform/json-places.ts";

/** The most telling damage; `edited` when nothing else fits. */
export function goldenDamage(bytes: Uint8Array, locked: Digest): GoldenDamage {
  if (bytes.length === 0) return "empty";
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  if (text.startsWith("version https://git-lfs.github.com/spec/")) return "lfs-pointer";
  if (/^<{7} /m.test(text) && /^>{7} /m.test(text)) return "merge-conflict";
  // A golden holds no carriage return of its own: those of its text are escapes.
  if (digestOf(text.replaceAll("\r\n", "\n")) === locked) return "line-ends";
  return jsonMistake(text)?.isCutShort ? "cut-short" : "edited";
}
