/** Reads a file line by line through one buffer, so that memory stays flat however long the file is. */
import { closeSync, openSync, readSync } from "node:fs";

export interface FileLine {
  /** 1-based. */
  readonly number: number;
  /** Without its line feed; valid only until the next line is asked for. */
  readonly bytes: Buffer;
  /** False for a last line that no line feed ends. */
  readonly isEnded: boolean;
}

const firstBufferBytes = 1 << 20;
const lineFeed = 0x0a;

/** Only `\n` ends a line; read at once, since a trip to the thread pool takes longer than reading what the disk cache holds. Errors: those of `fs.open` and `fs.read`; RangeError for a line that no buffer can hold. */
export async function* fileLines(path: string): AsyncGenerator<FileLine, void> {
  const file = openSync(path, "r");
  try {
    yield* linesOf(file);
  } finally {
    closeSync(file);
  }
}

async function* linesOf(file: number): AsyncGenerator<FileLine, void> {
  let buffer = Buffer.allocUnsafeSlow(firstBufferBytes);
  let number = 0;
  let length = 0;
  for (;;) {
    const bytesRead = readSync(file, buffer, length, buffer.length - length, null);
    if (bytesRead === 0) break;
    const searchFrom = length;
    length += bytesRead;
    let start = 0;
    let end = feedIn(buffer, searchFrom, length);
    while (end !== -1) {
      number += 1;
      yield { number, bytes: buffer.subarray(start, end), isEnded: true };
      start = end + 1;
      end = feedIn(buffer, start, length);
    }
    buffer.copyWithin(0, start, length);
    length -= start;
    if (length === buffer.length) buffer = grown(buffer);
  }
  if (length > 0) yield { number: number + 1, bytes: buffer.subarray(0, length), isEnded: false };
}

function feedIn(buffer: Buffer, from: number, to: number): number {
  const at = buffer.subarray(from, to).indexOf(lineFeed);
  return at === -1 ? -1 : from + at;
}

function grown(buffer: Buffer): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
  buffer.copy(larger);
  return larger;
}
