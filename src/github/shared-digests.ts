/**
 * Shares the remembered digests of weight files between runners that come and go: 100 GB are then read once, not once a machine. Only digests,
 * each believed only while path, size, device, inode and times of its file are equal; no completion and no golden ever comes from a cache.
 */
import { join } from "node:path";
import type { Files } from "../platform/files.ts";
import { digestOf } from "../platform/hashing.ts";
import type { CacheOutcome, CacheService } from "./cache-service.ts";

export interface SharedDigests {
  /** Before the run: takes what another runner has measured, when this machine remembers nothing. Never rejects. */
  take(): Promise<CacheOutcome>;
  /** After the run: gives what was measured, when it is new. Never rejects. */
  give(): Promise<CacheOutcome>;
}

export interface SharedDigestsOptions {
  /** Absolute folder of the entries. */
  readonly folder: string;
  /** Such as `linux-x64`. */
  readonly platform: string;
  readonly files: Files;
  readonly service: CacheService;
}

export function sharedDigests({ folder, platform, files, service }: SharedDigestsOptions): SharedDigests {
  const prefix = `${cacheKey(["inference-gate-digests-v1", platform])}-`;
  let before: string | null = null;
  return {
    async take() {
      before = await contentsOf(folder, files);
      if (before !== null) return { kind: "nothing" };
      const outcome = await service.restore(folder, prefix);
      if (outcome.kind === "done") before = await contentsOf(folder, files);
      return outcome;
    },
    async give() {
      const now = await contentsOf(folder, files);
      return now === null || now === before ? { kind: "nothing" } : service.save(folder, `${prefix}${now}`);
    },
  };
}

/** Hexadecimal digest of all entries; null when there is none or they cannot be read. */
async function contentsOf(folder: string, files: Files): Promise<string | null> {
  try {
    const names = (await files.list(folder)).filter((name) => name.endsWith(".json"));
    if (names.length === 0) return null;
    const texts: string[] = [];
    for (const name of names) texts.push(name, (await files.readText(join(folder, name))) ?? "");
    return digestOf(JSON.stringify(texts)).slice("sha256:".length);
  } catch {
    return null;
  }
}

/** GitHub takes keys of at most 512 characters without a comma; room is left for a digest behind it. */
const longestKey = 512 - 80;

/** Parts joined by `-`, with nothing in them that a key may not hold. */
export function cacheKey(parts: readonly string[]): string {
  const key = parts.map((part) => part.replace(/[^A-Za-z0-9._-]/g, "_")).join("-");
  if (key.length <= longestKey) return key;
  const digest = digestOf(key).slice("sha256:".length);
  return `${key.slice(0, longestKey - digest.length - 1)}-${digest}`;
}
