/** A golden as the text of its file, and back with every bit. */
import type { Golden } from "../model/golden.ts";
import type { Json } from "../model/json.ts";
import { littleEndianBase64 } from "../platform/little-endian.ts";
import { readGolden } from "./golden-fields.ts";
import { parseOwnLayout } from "./golden-layout.ts";
import { explainGolden } from "./golden-mistakes.ts";
import { goldenSchemaName, goldenVersion } from "./golden-schema.ts";

/** The file's text, ending in a line feed. Throws RangeError for an answer that did not finish. */
export function encodeGolden(golden: Golden): string {
  const { content } = golden;
  if (content.completion.finishReason === "abort") throw new RangeError("an answer that did not finish is no golden");
  const head: [string, string][] = [
    ["$schema", json(goldenSchemaName)],
    ["version", json(goldenVersion)],
    ["case", json(golden.caseId)],
    ["hardware_class", json(golden.hardwareClass)],
    ["generation", json(golden.generation)],
    ["contract", json(golden.contract)],
  ];
  const { launches, perLaunch, agreed } = golden.repeats;
  const middle: [string, string][] = [
    ["sampling", json(golden.sampling)],
    ["repeats", json({ launches, per_launch: perLaunch, agreed })],
    ["finish_reason", json(content.completion.finishReason)],
  ];
  const { prompt, output } = content.kind === "full" ? fullParts(golden, content) : redactedParts(golden, content);
  const fields = [...head, prompt, ...middle, ...output].map(([key, value]) => `  ${json(key)}: ${value}`);
  return withoutInvisible(`{\n${fields.join(",\n")}\n}\n`);
}

/**
 * The golden in the text of the file `file`, whose name and folder must be its case and hardware class. Throws GateError with
 * every mistake and its line and column.
 */
export function decodeGolden(text: string, file: string): Golden {
  return golden(parseJson(text), file) ?? explainGolden(text, file);
}

/** As `decodeGolden`, from the file's bytes and several times faster for a file that `encodeGolden` wrote. */
export function decodeGoldenBytes(bytes: Uint8Array, file: string): Golden {
  const fast = parseOwnLayout(bytes);
  return (fast === null ? null : golden(fast, file)) ?? decodeGolden(utf8(bytes), file);
}

function golden(value: unknown, file: string): Golden | null {
  const { golden: found, mistakes } = readGolden(value, file);
  return mistakes.length === 0 ? found : null;
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const utf8 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");

type Parts = { readonly prompt: [string, string]; readonly output: readonly [string, string][] };
type Content<Kind extends Golden["content"]["kind"]> = Extract<Golden["content"], { readonly kind: Kind }>;

function fullParts({ prompt }: Golden, { completion }: Content<"full">): Parts {
  const base64 = (array: Float32Array | Uint32Array | null) => json(array === null ? null : littleEndianBase64(array));
  const promptFields = `"digest": ${json(prompt)},\n    "token_ids": ${idRows(completion.promptTokenIds, "    ")}`;
  return {
    prompt: ["prompt", `{\n    ${promptFields}\n  }`],
    output: [
      ["text", textLines(completion.text)],
      ["output_digest", json(completion.outputDigest)],
      ["token_ids", idRows(completion.tokenIds, "  ")],
      ["logprobs", base64(completion.logprobs)],
      ["margins", base64(completion.margins)],
      ["text_ends", base64(completion.textEnds)],
    ],
  };
}

function redactedParts({ prompt }: Golden, { completion }: Content<"redacted">): Parts {
  const { text, tokenIds, logprobs, outputDigest, tokenCount, promptTokenIds } = completion;
  const redacted = { text, token_ids: tokenIds, logprobs, output_digest: outputDigest, token_count: tokenCount };
  return {
    prompt: ["prompt", json({ digest: prompt, token_ids_digest: promptTokenIds })],
    output: [["redacted", json(redacted)]],
  };
}

/** JSON as it stands in a field of the file's top level. */
function json(value: Json): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
}

/** One text line a file line, so that a changed line shows as one in a pull request. */
function textLines(text: string): string {
  const lines = text === "" ? [] : text.split(/(?<=\n)/);
  return lines.length === 0 ? "[]" : `[\n${lines.map((line) => `    ${JSON.stringify(line)}`).join(",\n")}\n  ]`;
}

const idsPerRow = 16;

function idRows(ids: Uint32Array | null, indent: string): string {
  if (ids === null) return "null";
  if (ids.length === 0) return "[]";
  const rows: string[] = [];
  for (let start = 0; start < ids.length; start += idsPerRow) {
    rows.push(`${indent}  ${ids.subarray(start, start + idsPerRow).join(", ")}`);
  }
  return `[\n${rows.join(",\n")}\n${indent}]`;
}

/** Characters that a diff would not show (control, format and direction marks) as escapes; joiners inside words and emoji stay. */
const invisible = /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function withoutInvisible(text: string): string {
  return text.replace(invisible, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
