/** An engine's log: the whole of it in a file, its end in memory. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { createLogTail } from "../platform/log-tail.ts";

export interface EngineLog {
  /** Null when the file could not be opened or written; the end in memory is kept all the same. */
  file(): string | null;
  tail(): readonly string[];
  /** Follows a stream to its end; the promise never rejects. */
  follow(stream: Readable): Promise<void>;
  close(): void;
}

/** Writes bytes as they come, so that the log is whole even when we are killed. */
export function openEngineLog(file: string, onLine: (line: string) => void): EngineLog {
  const tail = createLogTail(onLine);
  let handle = openOrNull(file);
  const close = () => {
    if (handle !== null) closeSync(handle);
    handle = null;
  };
  let isWhole = handle !== null;
  const append = (chunk: Buffer) => {
    try {
      if (handle !== null) for (let at = 0; at < chunk.length; ) at += writeSync(handle, chunk, at);
    } catch {
      // A full disk must not end the engine; the file is no longer shown as the whole log.
      isWhole = false;
      close();
    }
  };
  return {
    file: () => (isWhole ? file : null),
    tail: tail.lines,
    follow(stream) {
      const source = tail.source();
      stream.on("data", (chunk: Buffer) => {
        append(chunk);
        source.write(chunk);
      });
      return finished(stream, { writable: false }).then(source.end, source.end);
    },
    close,
  };
}

function openOrNull(file: string): number | null {
  try {
    return openSync(file, "a", 0o600);
  } catch {
    return null;
  }
}
