/** Reads a file as text: its size is limited, its encoding is UTF-8, and every way to fail has its own message. */
import { fileNotRead, fileTooLarge, notUtf8 } from "../messages/suite-files.ts";
import type { Problem } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Files } from "../platform/files.ts";

/** Of a suite, a lock or a JSONL file, in bytes. */
export const maxFileBytes = 64 * 2 ** 20;

export type ReadSource =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "problem"; readonly problem: Problem };

/** The text without a byte order mark. Never throws for what is wrong with the file. */
export async function readSource(path: string, files: Files): Promise<ReadSource> {
  const file = displayPath(path);
  try {
    const stat = await files.stat(path);
    if (stat === null) return { kind: "missing" };
    if (stat.isFolder) return { kind: "problem", problem: fileNotRead({ file, why: "it is a folder" }) };
    if (stat.bytes > maxFileBytes) {
      return { kind: "problem", problem: fileTooLarge({ file, bytes: stat.bytes, limitBytes: maxFileBytes }) };
    }
    const bytes = await files.readBytes(path);
    if (bytes === null) return { kind: "missing" };
    const text = decodeUtf8(bytes);
    return text === null ? { kind: "problem", problem: encodingProblem(file, bytes) } : { kind: "text", text };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: "problem", problem: fileNotRead({ file, why }) };
  }
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function encodingProblem(file: string, bytes: Uint8Array): Problem {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return notUtf8({
      location: { file, line: 1, column: 1 },
      found: "UTF-16 (it begins with a UTF-16 byte order mark)",
    });
  }
  const bad = firstInvalidByte(bytes);
  const before = new TextDecoder("utf-8").decode(bytes.subarray(0, bad));
  const lines = before.split("\n");
  const location = { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  const hex = (bytes[bad] ?? 0).toString(16).toUpperCase().padStart(2, "0");
  return notUtf8({ location, found: `byte 0x${hex}` });
}

/** Offset of the first byte that begins no UTF-8 sequence; found by halving, since a prefix stays valid until then. */
function firstInvalidByte(bytes: Uint8Array): number {
  const decodes = (length: number, stream: "whole" | "begun") => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: stream === "begun" });
      return true;
    } catch {
      return false;
    }
  };
  let [valid, invalid] = [0, bytes.length + 1];
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    if (decodes(middle, "begun")) valid = middle;
    else invalid = middle;
  }
  // A sequence that was begun and not ended counts from its first byte.
  let start = valid;
  while (start > 0 && valid - start < 4 && !decodes(start, "whole")) start -= 1;
  return start;
}
