/** Writes a transcript line by line as a run goes on, and reads one back, even one whose run was killed. */
import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { transcriptBadLine, transcriptMissing } from "../messages/transcript.ts";
import { GateError } from "../model/problem.ts";
import { codeOf } from "../platform/thrown.ts";
import { type TranscriptLine, transcriptLineSchema } from "./transcript-schema.ts";

/** JSON allows them in a text, but readers of lines, Node's among them, end a line there. */
const lineSeparators = /[\u2028\u2029]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16)}`;

export interface Transcript {
  readonly path: string;
  /** Resolves when the line is on the disk. */
  append(line: TranscriptLine): Promise<void>;
  close(): Promise<void>;
}

/** Opens for appending: an earlier run in the same file is kept. Errors: those of `fs.open`. */
export async function openTranscript(path: string): Promise<Transcript> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, "a", 0o600);
  return {
    path,
    async append(line) {
      await handle.appendFile(`${JSON.stringify(line).replace(lineSeparators, escaped)}\n`);
      await handle.datasync();
    },
    close: () => handle.close(),
  };
}

/**
 * Yields the lines in order with flat memory. A last line without its end, as a killed run leaves it, is skipped. Throws GateError
 * for a file that is not there and for any other line that cannot be read, with its number.
 */
export async function* readTranscript(path: string): AsyncGenerator<TranscriptLine, void> {
  const stream = createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 20 });
  let lastCharacter = "";
  stream.on("data", (chunk) => {
    lastCharacter = chunk.slice(-1).toString();
  });
  const texts = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    let number = 0;
    let pending: string | null = null;
    for await (const text of texts) {
      if (pending !== null) yield parseLine(pending, path, number);
      number += 1;
      pending = text;
    }
    if (pending !== null && lastCharacter === "\n") yield parseLine(pending, path, number);
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw new GateError([transcriptMissing({ file: path })]);
    throw error;
  } finally {
    texts.close();
    stream.destroy();
  }
}

function parseLine(text: string, file: string, line: number): TranscriptLine {
  const bad = (why: string) => new GateError([transcriptBadLine({ file, line, found: text, why })]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad("no JSON");
  }
  const parsed = transcriptLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw bad(issue === undefined ? "no line of a transcript" : `${issue.path.join(".")}: ${issue.message}`);
}
