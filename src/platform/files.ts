/** The file system as a port: what the stores need, and a write that is whole or not there. */
import { constants, readFileSync } from "node:fs";
import { access, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { aboutFile, codeOf } from "./thrown.ts";

export interface Files {
  /** UTF-8 text; null when there is no such file. */
  readText(path: string): Promise<string | null>;
  readBytes(path: string): Promise<Uint8Array | null>;
  /** Whole or not at all: temporary file beside it, fsync, rename, fsync of the folder. Creates missing folders. */
  writeAtomic(path: string, data: string | Uint8Array): Promise<void>;
  /** Appends and flushes to disk. */
  append(path: string, data: string): Promise<void>;
  /** Renames within one file system and fsyncs the folder. */
  move(from: string, to: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is none. */
  list(folder: string): Promise<readonly string[]>;
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** Size in bytes and whether it is a folder; null when there is none. */
  stat(path: string): Promise<{ readonly bytes: number; readonly isFolder: boolean } | null>;
}

const isMissing = (error: unknown) => codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";

async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** With all folders above it. Absolute, since Node never ends creating a relative one when the working directory is gone. */
export async function createFolder(folder: string): Promise<void> {
  await mkdir(resolve(folder), { recursive: true });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

let temporaryCount = 0;

export const nodeFiles: Files = {
  // Read at once: the four trips of an asynchronous read to the thread pool take ten times as long as reading a golden does.
  readText: (path) => orNull(async () => readFileSync(path, "utf8")),
  readBytes: (path) => orNull(async () => readFileSync(path)),
  async writeAtomic(path, data) {
    const folder = dirname(path);
    await createFolder(folder);
    temporaryCount += 1;
    const temporary = join(folder, `.${basename(path)}.${process.pid}-${temporaryCount}.tmp`);
    try {
      const handle = await open(temporary, "wx", 0o644);
      try {
        await handle.writeFile(data);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw aboutFile(error, path);
    }
    await syncFolder(folder);
  },
  async append(path, data) {
    await createFolder(dirname(path));
    const handle = await open(path, "a", 0o644);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } catch (error) {
      throw aboutFile(error, path);
    } finally {
      await handle.close();
    }
  },
  async move(from, to) {
    await createFolder(dirname(to));
    await rename(from, to);
    await syncFolder(dirname(to));
  },
  list: async (folder) => ((await orNull(() => readdir(folder))) ?? []).sort(),
  remove: (path) => rm(path, { recursive: true, force: true }),
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  async stat(path) {
    const found = await orNull(() => stat(path));
    return found === null ? null : { bytes: found.size, isFolder: found.isDirectory() };
  },
};
