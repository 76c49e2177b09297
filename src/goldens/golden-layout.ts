/** Parses the bytes of a golden in the layout that the codec writes, whose longer half is ASCII and needs no decoding. */
import { isAscii } from "node:buffer";

// A raw line feed cannot stand inside a JSON text, so this mark is never part of one.
const firstOfTail = ',\n  "token_ids": ';

/** The parsed file; null when it is not laid out so, which says nothing about its validity. */
export function parseOwnLayout(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = buffer.indexOf(firstOfTail, 0, "latin1");
  if (at === -1) return null;
  const tail = buffer.subarray(at + 1);
  if (!isAscii(tail)) return null;
  try {
    const head: unknown = JSON.parse(`${buffer.toString("utf8", 0, at)}}`);
    const rest: unknown = JSON.parse(`{${tail.toString("latin1")}`);
    return isObject(head) && isObject(rest) ? Object.assign(head, rest) : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
