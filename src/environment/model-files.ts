/** Digest and size of each file of a model: the one fact that explains most differences. */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { modelFileChanging, modelFileUnreadable, modelFolderEmpty } from "../messages/environment.ts";
import type { Digest } from "../model/digest.ts";
import type { Fact } from "../model/fingerprint.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { ProgressEvent } from "../model/progress.ts";
import { withoutOtherFormats } from "../model/weight-formats.ts";
import type { Clock } from "../platform/clock.ts";
import type { Files } from "../platform/files.ts";
import { digestOfFile } from "../platform/hashing.ts";
import { reasonOf } from "../platform/thrown.ts";
import { type FileIdentity, rememberDigest, rememberedDigest, sameIdentity } from "./digest-cache.ts";

export interface ModelFilesOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly cacheFolder: string;
  /** Ends a reading of many gigabytes; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
}

// What engines load: weights, configuration, tokenizer, chat template, and code that runs with `trust_remote_code`.
const endings = [
  ".gguf",
  ".safetensors",
  ".bin",
  ".pt",
  ".pth",
  ".npz",
  ".json",
  ".model",
  ".tiktoken",
  ".txt",
  ".jinja",
  ".py",
];
const notLoaded = /^(?:readme|license|notice|requirements)\b/i;

// A change within one tick of the file system's clock leaves the times as they were; ext4 and XFS tick at most every 10 ms,
// FAT and some network file systems every 2 s.
const settledMs = 2_000;

/**
 * Facts `model.file.<name>` (digest) and `model.bytes.<name>` of a file, of all parts of a split file, or of every model file in
 * a folder; names are relative to the folder, with `/`. Throws GateError with every file that cannot be read.
 */
export async function modelFileFacts(path: string, options: ModelFilesOptions): Promise<readonly Fact[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw new GateError([unreadable(path, error)]);
  });
  const folder = found.isDirectory() ? path : dirname(path);
  const names = found.isDirectory() ? loaded(await namesBelow(path, "")) : await partsOf(path);
  if (names.length === 0) throw new GateError([modelFolderEmpty({ path, endings })]);
  const facts: Fact[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const hashed = await hash(file, options).catch((error: unknown) => {
      options.signal.throwIfAborted();
      return unreadable(file, error);
    });
    if ("code" in hashed) problems.push(hashed);
    else {
      facts.push({ key: `model.file.${name}`, value: hashed.digest, source: "sha256 of the file" });
      facts.push({ key: `model.bytes.${name}`, value: hashed.bytes, source: "size of the file" });
    }
  }
  if (problems.length > 0) throw new GateError(problems);
  return facts;
}

/** Weights in formats that are passed over are no facts: one machine may have fetched them and another not. */
const loaded = (names: readonly string[]) => withoutOtherFormats(names, (name) => name);

async function namesBelow(folder: string, prefix: string): Promise<string[]> {
  const names: string[] = [];
  const entries = await readdir(join(folder, prefix), { withFileTypes: true }).catch((error: unknown) => {
    throw new GateError([unreadable(join(folder, prefix), error)]);
  });
  for (const entry of entries.filter(({ name }) => !name.startsWith("."))) {
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory()) names.push(...(await namesBelow(folder, `${name}/`)));
    else if (endings.some((ending) => entry.name.endsWith(ending)) && !notLoaded.test(entry.name)) names.push(name);
  }
  return names.sort();
}

/** llama.cpp loads `x-00001-of-00003.gguf` with its siblings. */
async function partsOf(path: string): Promise<readonly string[]> {
  const name = basename(path);
  const split = /^(.*-)\d{5}(-of-\d{5}\.(?:gguf|safetensors))$/.exec(name);
  if (split === null) return [name];
  const [, before = "", after = ""] = split;
  const siblings = (await readdir(dirname(path))).filter((sibling) => {
    const middle = sibling.slice(before.length, -after.length);
    return sibling.startsWith(before) && sibling.endsWith(after) && /^\d{5}$/.test(middle);
  });
  return siblings.sort();
}

async function hash(path: string, options: ModelFilesOptions): Promise<{ digest: Digest; bytes: number } | Problem> {
  const before = await identityOf(path);
  const remembered = await rememberedDigest(options.files, options.cacheFolder, before);
  if (remembered !== null) return { digest: remembered, bytes: before.bytes };
  const onBytes = (doneBytes: number) =>
    options.onProgress({ kind: "hashing", file: basename(path), doneBytes, totalBytes: before.bytes });
  onBytes(0);
  const digest = await digestOfFile(path, { signal: options.signal, onBytes });
  if (!sameIdentity(before, await identityOf(path))) return modelFileChanging({ path });
  if (isSettled(before, options.clock.now())) {
    await rememberDigest(options.files, options.cacheFolder, before, digest);
  }
  return { digest, bytes: before.bytes };
}

async function identityOf(path: string): Promise<FileIdentity> {
  const found = await stat(path, { bigint: true });
  return {
    path,
    bytes: Number(found.size),
    device: String(found.dev),
    inode: String(found.ino),
    mtimeNs: String(found.mtimeNs),
    ctimeNs: String(found.ctimeNs),
  };
}

function isSettled(file: FileIdentity, nowMs: number): boolean {
  const changedMs = Number(BigInt(file.ctimeNs) / 1_000_000n);
  return nowMs - changedMs > settledMs;
}

function unreadable(path: string, error: unknown): Problem {
  return modelFileUnreadable({ path, why: reasonOf(error) });
}
