/** Reads where the tensors of a GGUF file are; the format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */

export interface GgufTensor {
  readonly name: string;
  /** Number of weights along each dimension, the contiguous one first. */
  readonly shape: readonly number[];
  /** ggml's number of the storage type; see `ggmlTypes`. */
  readonly type: number;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

export type GgufReading =
  | { readonly kind: "read"; readonly version: number; readonly tensors: readonly GgufTensor[] }
  /** The head of the file is longer than the bytes given. */
  | { readonly kind: "incomplete" }
  | { readonly kind: "invalid"; readonly why: string };

/** Storage types that are edited here, by ggml's number: https://github.com/ggml-org/ggml/blob/master/include/ggml.h */
export const ggmlTypes = { Q4_0: 2, Q4_1: 3 } as const;

const defaultAlignment = 32;
const scalarBytes: readonly (number | null)[] = [1, 1, 2, 2, 4, 4, 4, 1, null, null, 8, 8, 8];
const stringType = 8;
const arrayType = 9;
const deepestArray = 4;

class Incomplete extends Error {}
class Invalid extends Error {}

/** Reads the head of a file from its first bytes, as many as the caller has; the weights need not be among them. */
export function readGgufHead(bytes: Uint8Array): GgufReading {
  try {
    return readHead(new Cursor(bytes));
  } catch (error) {
    if (error instanceof Incomplete) return { kind: "incomplete" };
    if (error instanceof Invalid) return { kind: "invalid", why: error.message };
    throw error;
  }
}

function readHead(cursor: Cursor): GgufReading {
  const magic = cursor.text(4);
  if (magic !== "GGUF") throw new Invalid(`it starts with ${JSON.stringify(magic)}, not with "GGUF"`);
  const version = cursor.u32();
  if (version !== 2 && version !== 3) throw new Invalid(`its format version is ${version}, not 2 or 3`);
  const tensorCount = cursor.count("tensors");
  const entryCount = cursor.count("metadata entries");
  let alignment = defaultAlignment;
  for (let entry = 0; entry < entryCount; entry += 1) {
    const key = cursor.text(cursor.count("bytes of a key"));
    const type = cursor.u32();
    if (key === "general.alignment" && type === 4) alignment = cursor.u32();
    else skipValue(cursor, type, 0);
  }
  if (alignment === 0 || alignment % 8 !== 0) throw new Invalid(`its alignment is ${alignment}, not a multiple of 8`);
  const infos: GgufTensor[] = [];
  for (let index = 0; index < tensorCount; index += 1) infos.push(readTensorInfo(cursor));
  const start = Math.ceil(cursor.position / alignment) * alignment;
  return { kind: "read", version, tensors: infos.map((info) => ({ ...info, offset: start + info.offset })) };
}

function readTensorInfo(cursor: Cursor): GgufTensor {
  const name = cursor.text(cursor.count("bytes of a tensor's name"));
  const dimensions = cursor.u32();
  if (dimensions > 8) throw new Invalid(`tensor ${JSON.stringify(name)} has ${dimensions} dimensions`);
  const shape: number[] = [];
  for (let index = 0; index < dimensions; index += 1) shape.push(cursor.count("weights in a dimension"));
  return { name, shape, type: cursor.u32(), offset: cursor.count("bytes of an offset") };
}

function skipValue(cursor: Cursor, type: number, depth: number): void {
  if (type === stringType) {
    cursor.skip(cursor.count("bytes of a string"));
  } else if (type === arrayType) {
    if (depth >= deepestArray) throw new Invalid(`its arrays are nested deeper than ${deepestArray}`);
    const itemType = cursor.u32();
    const length = cursor.count("items of an array");
    const bytes = scalarBytes[itemType] ?? null;
    if (bytes !== null) cursor.skip(length * bytes);
    else for (let item = 0; item < length; item += 1) skipValue(cursor, itemType, depth + 1);
  } else {
    const bytes = scalarBytes[type] ?? null;
    if (bytes === null) throw new Invalid(`it has a metadata value of the unknown type ${type}`);
    cursor.skip(bytes);
  }
}

/** Reads little-endian values one after the other; throws Incomplete where the bytes end. */
class Cursor {
  position = 0;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  skip(bytes: number): number {
    const from = this.position;
    if (from + bytes > this.#view.byteLength) throw new Incomplete();
    this.position = from + bytes;
    return from;
  }

  u32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  /** A 64-bit count; `what` names it when it is beyond all measure. */
  count(what: string): number {
    const value = this.#view.getBigUint64(this.skip(8), true);
    if (value > 1n << 48n) throw new Invalid(`it claims ${value} ${what}`);
    return Number(value);
  }

  text(bytes: number): string {
    const from = this.skip(bytes);
    return new TextDecoder().decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + from, bytes));
  }
}
