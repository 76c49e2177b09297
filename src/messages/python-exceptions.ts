/** The exceptions in a log of Python: the last line of each traceback, whichever process wrote it and whatever a logger puts in front. */

export interface SeenException {
  /** Such as `ValueError: no such file`, on one line. */
  readonly text: string;
  /** Number of the line in the log, from 0, with which its traceback begins. */
  readonly from: number;
}

/** Watches a log line by line; each process of it has its own unfinished traceback. */
export interface ExceptionWatch {
  line(line: string): void;
  /** Each text once, oldest first; of many the first and the last ones. */
  seen(): readonly SeenException[];
}

const keptAtEachEnd = 3;
/** In UTF-16 code units. */
const longest = 400;

/** What vLLM's loggers put in front: the process; and level, time and place. */
const front = /^(\([^()]{1,60} pid=\d+\) ?)?(?:[A-Z]{4,8} \d\d-\d\d [\d:]{5,8} \[[^\]]{1,80}\] ?)?/;
const head = "Traceback (most recent call last):";
const lastLine = /^[A-Za-z_][\w.]*(?:: .*)?$/;

export function exceptionWatch(): ExceptionWatch {
  const seen: SeenException[] = [];
  /** By process: the line with which an unfinished traceback begins. */
  const begun = new Map<string, number>();
  /** By process: an exception whose text may go on in indented lines, as those of pydantic do. */
  const goingOn = new Map<string, SeenException>();
  let count = 0;
  const replace = (before: SeenException, after: SeenException) => {
    const place = seen.indexOf(before);
    if (place !== -1) seen[place] = after;
    return after;
  };
  const add = (one: SeenException) => {
    if (seen.some(({ text }) => text === one.text)) return;
    seen.push(one);
    if (seen.length > 2 * keptAtEachEnd) seen.splice(keptAtEachEnd, 1);
  };
  return {
    line(line) {
      const at = count++;
      const [whole = "", writer = ""] = front.exec(line) ?? [];
      const text = line.slice(whole.length);
      const before = goingOn.get(writer);
      const from = begun.get(writer);
      if (text === head) begun.set(writer, at);
      else if (/^\s+\S/.test(text)) {
        if (before !== undefined && before.text.length < longest)
          goingOn.set(writer, replace(before, { ...before, text: cut(`${before.text} ${text.trim()}`) }));
        return;
      } else if (text !== "" && from !== undefined) {
        begun.delete(writer);
        if (lastLine.test(text)) {
          const one = { text: cut(text), from };
          add(one);
          goingOn.set(writer, one);
          return;
        }
      }
      goingOn.delete(writer);
    },
    seen: () => seen,
  };
}

const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

/** Every exception of a log, oldest first, each text once. */
export function exceptionsIn(lines: readonly string[]): readonly string[] {
  const watch = exceptionWatch();
  for (const line of lines) watch.line(line);
  return watch.seen().map(({ text }) => text);
}

/** Lines that stand for an exception whose traceback is no longer shown. */
export const shortTraceback = ({ text }: SeenException): readonly string[] => [head, "  …", text];

/** The exception that a start in Python failed with, where the log holds one: of several the first, since the others follow from it. */
export function exceptionAhead(logTail: readonly string[]): string {
  const [first = ""] = exceptionsIn(logTail);
  return first === "" ? "" : `${first}; `;
}
