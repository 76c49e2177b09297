/** Reads the bytes of a golden in the layout that the codec writes: long id lists are read from the bytes, the rest as JSON. */

import { isAscii } from "node:buffer";

/** The parsed file with `Uint32Array` in place of the id lists; null when it is not laid out so, which says nothing about its validity. */
export function parseOwnLayout(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const prompt = idBlock(buffer, '\n    "token_ids": [\n', "\n    ]", 0);
  const output = idBlock(buffer, '\n  "token_ids": [\n', "\n  ]", prompt?.end ?? 0);
  if (output === null) return null;
  const promptIds = prompt === null ? null : idsOf(buffer, prompt);
  const outputIds = idsOf(buffer, output);
  if (outputIds === null || (prompt !== null && promptIds === null)) return null;
  const head =
    prompt === null
      ? buffer.toString("utf8", 0, output.start)
      : `${buffer.toString("utf8", 0, prompt.start)}${buffer.toString("utf8", prompt.end, output.start)}`;
  const tail = buffer.subarray(output.end + 2);
  // Behind the ids stand only fields of ASCII, which need no decoding.
  if (!isAscii(tail)) return null;
  const value = parseObject(`${head}]\n}`);
  const rest = parseObject(`{${tail.toString("latin1")}`);
  if (value === null || rest === null || !isEmptyList(value.token_ids)) return null;
  Object.assign(value, rest);
  if (prompt === null) return { ...value, token_ids: outputIds };
  if (!isObject(value.prompt) || !isEmptyList(value.prompt.token_ids)) return null;
  return { ...value, token_ids: outputIds, prompt: { ...value.prompt, token_ids: promptIds } };
}

interface Block {
  /** Just behind the opening bracket. */
  readonly start: number;
  /** At the closing bracket. */
  readonly end: number;
}

/** A raw line feed cannot stand inside a JSON text, so what these marks find is never part of one. */
function idBlock(buffer: Buffer, open: string, close: string, from: number): Block | null {
  const at = buffer.indexOf(open, from, "latin1");
  if (at === -1) return null;
  const start = at + open.length;
  const end = buffer.indexOf(close, start, "latin1");
  return end === -1 ? null : { start, end: end + close.length - 1 };
}

const space = 0x20;
const lineFeed = 0x0a;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;

/** Whole numbers up to 2^32 - 1 between commas; null for anything else. */
function idsOf(buffer: Buffer, { start, end }: Block): Uint32Array | null {
  const ids = new Uint32Array(((end - start) >> 1) + 1);
  let count = 0;
  let at = start;
  for (;;) {
    at = skipSpace(buffer, at);
    const first = at;
    let id = 0;
    let byte = buffer[at] ?? 0;
    while (byte >= zero && byte <= nine) {
      id = id * 10 + (byte - zero);
      at += 1;
      byte = buffer[at] ?? 0;
    }
    if (at === first || id > 0xffff_ffff || (buffer[first] === zero && at > first + 1)) return null;
    ids[count] = id;
    count += 1;
    at = skipSpace(buffer, at);
    if (at === end) return ids.slice(0, count);
    if (at > end || buffer[at] !== comma) return null;
    at += 1;
  }
}

function skipSpace(buffer: Buffer, from: number): number {
  let at = from;
  while (buffer[at] === space || buffer[at] === lineFeed) at += 1;
  return at;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
