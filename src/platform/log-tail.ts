/** The end of a log: its last lines, however noisy, long or badly encoded the log is, and the exceptions that came before them. */
import { StringDecoder } from "node:string_decoder";
import { exceptionWatch, shortTraceback } from "../messages/python-exceptions.ts";

export const tailLines = 50;
/** In UTF-16 code units. */
export const longestLogLine = 4096;

/** One stream that writes into a log; each has its own unfinished line. */
export interface LogSource {
  /** Bytes as they arrive; invalid UTF-8 becomes U+FFFD. */
  write(chunk: Buffer): void;
  /** The stream has ended; an unfinished line counts as a line. */
  end(): void;
}

export interface LogTail {
  source(): LogSource;
  /**
   * At most the last 50 lines, oldest first, each cut at 4096 code units; before them the exceptions of Python whose tracebacks
   * are no longer whole among them, in three lines each: a server of several processes tells its failure first and the failures that follow at length.
   */
  lines(): readonly string[];
}

/** A log whose lines are told one by one and whose last 50 are kept. `\n`, `\r\n` and `\r` end a line. */
export function createLogTail(onLine: (line: string) => void): LogTail {
  const ring: string[] = [];
  const watch = exceptionWatch();
  let count = 0;
  const add = (line: string) => {
    watch.line(line);
    ring[count % tailLines] = line;
    count += 1;
    onLine(line);
  };
  return {
    source: () => createSource(add),
    lines: () => {
      if (count <= tailLines) return ring.slice();
      const gone = watch.seen().filter(({ from }) => from < count - tailLines);
      return [...gone.flatMap(shortTraceback), ...ring.slice(count % tailLines), ...ring.slice(0, count % tailLines)];
    },
  };
}

function createSource(add: (line: string) => void): LogSource {
  const decoder = new StringDecoder("utf8");
  let unfinished = "";
  let afterReturn = false;
  const grow = (text: string) => {
    // One unit more than is shown, so that the cut can be seen.
    if (unfinished.length <= longestLogLine) unfinished += text.slice(0, longestLogLine + 1 - unfinished.length);
  };
  const finish = () => {
    add(cut(unfinished));
    unfinished = "";
  };
  const take = (text: string) => {
    let from = afterReturn && text.startsWith("\n") ? 1 : 0;
    if (text.length > 0) afterReturn = text.endsWith("\r");
    for (const end of text.matchAll(/\r\n|\n|\r/g)) {
      if (end.index < from) continue;
      grow(text.slice(from, end.index));
      finish();
      from = end.index + end[0].length;
    }
    grow(text.slice(from));
  };
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (unfinished.length > 0) finish();
    },
  };
}

function cut(line: string): string {
  if (line.length <= longestLogLine) return line;
  const mark = " … (cut)";
  return `${line.slice(0, longestLogLine - mark.length).replace(/[\uD800-\uDBFF]$/, "")}${mark}`;
}
