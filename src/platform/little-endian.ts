/** Number arrays as little-endian bytes and their base64: the form in which goldens and transcripts keep every bit. */
import { endianness } from "node:os";

const isLittleEndian = endianness() === "LE";

/** The bytes of the array, little-endian on every machine; shares the array's memory where that already is. */
export function littleEndianBytes(array: Float32Array | Uint32Array): Uint8Array {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return isLittleEndian ? bytes : Buffer.from(bytes).swap32();
}

/** Base64 of the little-endian bytes, 4 a number. */
export function littleEndianBase64(array: Float32Array | Uint32Array): string {
  return Buffer.from(littleEndianBytes(array)).toString("base64");
}

/** The float32 numbers of a base64 text, every bit as it was written (NaN payloads included); null when it is no base64 of whole numbers. */
export function float32FromBase64(base64: string): Float32Array | null {
  const bytes = bytesFromBase64(base64);
  return bytes === null ? null : new Float32Array(bytes.buffer);
}

/** The uint32 numbers of a base64 text; null when it is no base64 of whole numbers. */
export function uint32FromBase64(base64: string): Uint32Array | null {
  const bytes = bytesFromBase64(base64);
  return bytes === null ? null : new Uint32Array(bytes.buffer);
}

/** Strict although Node's decoder is lenient: what it would skip makes the result shorter than the text promises. */
function bytesFromBase64(base64: string): { readonly buffer: ArrayBuffer } | null {
  if (base64.length % 4 !== 0 || base64.includes("-") || base64.includes("_")) return null;
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  const length = (base64.length / 4) * 3 - padding;
  if (length % 4 !== 0) return null;
  const buffer = new ArrayBuffer(length);
  const bytes = Buffer.from(buffer);
  if (bytes.write(base64, "base64") !== length) return null;
  if (!isLittleEndian) bytes.swap32();
  return { buffer };
}
