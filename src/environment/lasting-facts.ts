/** Sorts out what engine and runtime tell: facts that differ from launch to launch or from checkout to checkout are no environment. */
import { posix, win32 } from "node:path";
import type { Fact } from "../model/fingerprint.ts";

const passing =
  /^launch\.|(?:^|\.)(?:pid|port|host|url|base-url|address|listen|command|argv|working-directory|log-file|started-at|uptime)$/;

/**
 * The facts that last, sorted by key, each key once (of two facts of one key, the first). A path keeps only its last part: folders
 * differ between machines, and what matters of a file is its digest.
 */
export function lastingFacts(facts: readonly Fact[]): readonly Fact[] {
  const byKey = new Map<string, Fact>();
  for (const fact of facts) {
    if (passing.test(fact.key.replaceAll("_", "-")) || byKey.has(fact.key)) continue;
    byKey.set(fact.key, { ...fact, value: typeof fact.value === "string" ? withoutFolder(fact.value) : fact.value });
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function withoutFolder(text: string): string {
  if (/^[A-Za-z]:\\[^\n]*$/.test(text)) return win32.basename(text);
  return /^\/[^\n]*[^/\n]$/.test(text) ? posix.basename(text) : text;
}
