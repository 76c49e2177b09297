/** The folder of downloaded parts: each version in its own folder, whole or not there, safe for two runs at once. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { digestOfFile } from "../platform/hashing.ts";
import type { PinnedPart } from "./pinned-parts.ts";

const oneDayMs = 24 * 60 * 60 * 1000;
const temporaryPrefix = ".new-";

/** Where a part is kept: `<cache>/parts/<name>-<version>-<platform>`. */
export function partFolder(cache: string, part: PinnedPart, platform: string): string {
  const suffix = part.fileDigest === null ? `-${platform}` : "";
  return join(cache, "parts", `${part.name}-${part.version}${suffix}`);
}

/** What is wrong with a part in `folder`, or null when it is whole: absent, or the digest found in place of the pinned one. */
export async function partFault(folder: string, part: PinnedPart): Promise<string | null> {
  const file = join(folder, part.file);
  if (!existsSync(file)) return `no file ${part.file}`;
  if (part.fileDigest === null) return null;
  const found = await digestOfFile(file);
  return found === `sha256:${part.fileDigest}` ? null : `${found} (${(await stat(file)).size} bytes)`;
}

/** A new empty folder on the file system of the parts, in which one is prepared; folders that killed runs left a day ago are removed. */
export async function makeTemporaryFolder(cache: string): Promise<string> {
  const parts = join(cache, "parts");
  await mkdir(parts, { recursive: true });
  for (const name of await readdir(parts)) {
    const path = join(parts, name);
    if (!name.startsWith(temporaryPrefix)) continue;
    const changed = await stat(path).catch(() => null);
    if (changed !== null && Date.now() - changed.mtimeMs > oneDayMs) await rm(path, { recursive: true, force: true });
  }
  return mkdtemp(join(parts, temporaryPrefix));
}

/** Puts a prepared folder in place in one step. A run that was faster wins, unless what it put there is at fault. */
export async function putInPlace(prepared: string, folder: string, part: PinnedPart): Promise<void> {
  if (existsSync(folder)) {
    if ((await partFault(folder, part)) === null) return;
    await rename(folder, join(await mkdtemp(join(folder, "..", temporaryPrefix)), "damaged")).catch(ignoreGone);
  }
  try {
    await rename(prepared, folder);
  } catch (error) {
    if ((await partFault(folder, part)) !== null) throw error;
  }
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
