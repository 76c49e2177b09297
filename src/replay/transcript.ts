/** Writes a transcript line by line as a run goes on, and reads one back, even one whose run was killed. */
import { isAscii } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { transcriptBadLine, transcriptMissing } from "../messages/transcript.ts";
import { GateError } from "../model/problem.ts";
import { type FileLine, fileLines } from "../platform/file-lines.ts";
import { createFolder } from "../platform/files.ts";
import { aboutFile, codeOf } from "../platform/thrown.ts";
import { type TranscriptLine, transcriptLineSchema } from "./transcript-schema.ts";

export interface Transcript {
  readonly path: string;
  /** Resolves when the line is on the disk. */
  append(line: TranscriptLine): Promise<void>;
  close(): Promise<void>;
}

/** Opens for appending: an earlier run in the same file is kept, and its last line ended when a kill cut it. Errors: those of `fs.open`. */
export async function openTranscript(path: string): Promise<Transcript> {
  await createFolder(dirname(path));
  const handle = await open(path, "a+", 0o600);
  if (!(await endsWithLineFeed(handle))) await handle.appendFile("\n");
  return {
    path,
    async append(line) {
      try {
        await handle.appendFile(`${asciiJson(line)}\n`);
        await handle.datasync();
      } catch (error) {
        throw aboutFile(error, path);
      }
    },
    close: () => handle.close(),
  };
}

/** A line that a kill cut short: the last one, or the one before another run. */
export interface TornLine {
  readonly type: "torn";
  /** 1-based. */
  readonly line: number;
}

/**
 * Yields the lines in order with flat memory. Throws GateError for a file that is not there and for any line that cannot be read,
 * with its number, unless a kill explains it.
 */
export async function* readTranscript(path: string): AsyncGenerator<TranscriptLine | TornLine, void> {
  let cut: CutLine | null = null;
  try {
    for await (const line of fileLines(path)) {
      const read = line.isEnded ? parseLine(line, path) : { type: "torn" as const, line: line.number };
      if (cut !== null) {
        if (read.type !== "run") throw cut.error;
        yield { type: "torn", line: cut.line };
        cut = null;
      }
      if (read.type === "cut") cut = read;
      else yield read;
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw new GateError([transcriptMissing({ file: path })]);
    throw error;
  }
  if (cut !== null) throw cut.error;
}

async function endsWithLineFeed(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString("latin1") === "\n";
}

/** ASCII is read back several times faster, and no reader of lines finds another line end in it. */
const notPlain = /[^\u0020-\u007e]/g;

function asciiJson(line: TranscriptLine): string {
  return JSON.stringify(line).replace(notPlain, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** No JSON, as the rest of a line that a kill cut; it is that only when a new run begins behind it. */
interface CutLine {
  readonly type: "cut";
  readonly line: number;
  readonly error: GateError;
}

/** Throws GateError for JSON that is no line of a transcript. */
function parseLine({ bytes, number: line }: FileLine, file: string): TranscriptLine | CutLine {
  const text = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
  const bad = (why: string) => new GateError([transcriptBadLine({ file, line, found: text, why })]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { type: "cut", line, error: bad("no JSON") };
  }
  const parsed = transcriptLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw bad(issue === undefined ? "no line of a transcript" : `${issue.path.join(".")}: ${issue.message}`);
}
