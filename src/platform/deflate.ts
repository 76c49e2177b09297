/** Bytes made small for a text file. */
import { deflateRawSync } from "node:zlib";

/** Deflated without header or checksum (RFC 1951), as base64; a browser inflates it as `deflate-raw`. */
export function deflatedBase64(bytes: Uint8Array): string {
  return deflateRawSync(bytes, { level: 6 }).toString("base64");
}
