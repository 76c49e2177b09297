/** Lines of an engine's stdout, read only as fast as they are asked for. */
import { lineTooLong } from "../messages/runtimes.ts";
import { GateError } from "../model/problem.ts";

export const longestLineBytes = 64 * 1024 * 1024;

const ended = { done: true, value: undefined } as const;

export interface StdioLines extends AsyncIterable<string> {
  /** The next line without taking it; null at the end. */
  peek(): Promise<string | null>;
}

/**
 * Lines without their ends, decoded as UTF-8 (invalid bytes become U+FFFD); an unfinished last line counts. Leaving a `for await` does not
 * end the source: a later one goes on with the next line. Throws GateError (`runtimes/line-too-long`) and reads no further.
 */
export function stdioLines(source: AsyncIterable<Buffer>, limitBytes = longestLineBytes): StdioLines {
  const chunks = source[Symbol.asyncIterator]();
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let isOver = false;
  let peeked: Promise<string | null> | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const takeLine = (end: number, chunk: Buffer): string => {
    const line = Buffer.concat([...pending, chunk.subarray(0, end)]);
    const rest = chunk.subarray(end + 1);
    pending = rest.length > 0 ? [rest] : [];
    pendingBytes = rest.length;
    return textOf(line);
  };
  const read = async (): Promise<string | null> => {
    const only = pending.length === 1 ? pending[0] : undefined;
    const end = only?.indexOf(10) ?? -1;
    if (only !== undefined && end >= 0) {
      pending = [];
      return takeLine(end, only);
    }
    while (!isOver) {
      // A pipe that breaks or is closed by our own stop is an end like any other.
      const next = await chunks.next().catch(() => ended);
      if (next.done === true) break;
      const lineEnd = next.value.indexOf(10);
      if (lineEnd >= 0 && pendingBytes + lineEnd <= limitBytes) return takeLine(lineEnd, next.value);
      pending.push(next.value);
      pendingBytes += next.value.length;
      if (pendingBytes <= limitBytes) continue;
      isOver = true;
      pending = [];
      throw new GateError([lineTooLong({ limitBytes })]);
    }
    isOver = true;
    const last = Buffer.concat(pending);
    pending = [];
    return last.length > 0 ? textOf(last) : null;
  };
  const inTurn = (): Promise<string | null> => {
    const line = turn.then(read);
    turn = line.catch(() => {});
    return line;
  };
  const take = (): Promise<string | null> => {
    const line = peeked ?? inTurn();
    peeked = null;
    return line;
  };
  const iterator: AsyncIterator<string> = {
    async next() {
      const value = await take();
      return value === null ? { done: true, value: undefined } : { done: false, value };
    },
  };
  return {
    peek: () => {
      peeked ??= inTurn();
      return peeked;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
}

function textOf(line: Buffer): string {
  return line.toString("utf8").replace(/\r$/, "");
}
