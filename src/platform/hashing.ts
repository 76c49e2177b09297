/** sha256 of bytes, texts, JSON values and files. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Digest } from "../model/digest.ts";
import { canonicalJson, type Json } from "../model/json.ts";

/** Digest of bytes, or of the UTF-8 of a text. */
export function digestOf(data: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(data).digest("hex")}` as Digest;
}

/** Digest of the canonical text of a JSON value. */
export function digestOfJson(value: Json): Digest {
  return digestOf(canonicalJson(value));
}

export interface ReadingOptions {
  /** Aborted: the reading ends with its reason. */
  readonly signal?: AbortSignal;
  /** Bytes read so far, after every 64 MiB. */
  readonly onBytes?: (bytes: number) => void;
}

const tellEveryBytes = 64 << 20;

/** Digest of a file's bytes, read as a stream. Errors: those of `fs.createReadStream`, and the signal's reason. */
export async function digestOfFile(path: string, { signal, onBytes }: ReadingOptions = {}): Promise<Digest> {
  const hash = createHash("sha256");
  let bytes = 0;
  let told = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted();
    hash.update(chunk);
    bytes += chunk.length;
    if (bytes - told >= tellEveryBytes) {
      told = bytes;
      onBytes?.(bytes);
    }
  }
  return `sha256:${hash.digest("hex")}` as Digest;
}
