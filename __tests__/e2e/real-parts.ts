/** The real engine and model that the end-to-end tests share: fetched once a machine, from the cache after that. */
import { cacheFolder } from "../../src/demo/cache-folder.ts";
import { type RealParts, realParts } from "../../src/demo/real-parts.ts";

let parts: Promise<RealParts> | null = null;

/** The same parts for every caller in one test file; the first use on a new machine takes about ten seconds. */
export function realPartsForTests(): Promise<RealParts> {
  parts ??= realParts({
    cache: cacheFolder(process.env),
    platform: `${process.platform}-${process.arch}`,
    env: process.env,
    signal: new AbortController().signal,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  return parts;
}
