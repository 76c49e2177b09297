/** Remembers digests of large files, so that 100 GB are not read twice; an entry counts only while nothing about the file differs. */
import { join } from "node:path";
import { z } from "zod";
import { type Digest, parseDigest } from "../model/digest.ts";
import type { Files } from "../platform/files.ts";
import { digestOf } from "../platform/hashing.ts";

/** What must be equal for a digest to be believed; times in nanoseconds, as decimal texts since they exceed 2^53. */
export interface FileIdentity {
  readonly path: string;
  readonly bytes: number;
  readonly device: string;
  readonly inode: string;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
}

const entrySchema = z.strictObject({
  path: z.string(),
  bytes: z.number(),
  device: z.string(),
  inode: z.string(),
  mtimeNs: z.string(),
  ctimeNs: z.string(),
  digest: z.string().transform(parseDigest),
});

const entryPath = (folder: string, path: string) => join(folder, `${digestOf(path).slice("sha256:".length)}.json`);

/** The remembered digest, or null when there is none, it cannot be read, or the file is another than it was. */
export async function rememberedDigest(files: Files, folder: string, file: FileIdentity): Promise<Digest | null> {
  const entry = parseEntry(await files.readText(entryPath(folder, file.path)).catch(() => null));
  if (entry === null) return null;
  const { digest, ...identity } = entry;
  return sameIdentity(identity, file) ? digest : null;
}

/** Remembers a digest, whole or not at all. A cache that cannot be written costs time, nothing else. */
export async function rememberDigest(files: Files, folder: string, file: FileIdentity, digest: Digest): Promise<void> {
  const entry = `${JSON.stringify({ ...file, digest }, null, 2)}\n`;
  await files.writeAtomic(entryPath(folder, file.path), entry).catch(() => undefined);
}

export function sameIdentity(a: FileIdentity, b: FileIdentity): boolean {
  return (
    a.path === b.path &&
    a.bytes === b.bytes &&
    a.device === b.device &&
    a.inode === b.inode &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs
  );
}

function parseEntry(text: string | null): z.infer<typeof entrySchema> | null {
  if (text === null) return null;
  try {
    return entrySchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
