/** Takes a program's lines one at a time; one that was asked for and not waited for is not lost. */
import type { EngineExit, RunningEngine } from "../../model/launch-plan.ts";
import { exitOf } from "./ask.ts";

export type NextLine =
  | { readonly kind: "line"; readonly line: string }
  /** `exit` is null when the program closed its stdout and still runs. */
  | { readonly kind: "end"; readonly exit: EngineExit | null };

export interface LineReader {
  /** Throws the signal's reason when that is aborted first; the line is then the next one that is asked for. */
  next(signal: AbortSignal): Promise<NextLine>;
}

/** How long a line may still come after the program has ended, when a child of it holds its stdout open. */
const lateLineMs = 500;

export function lineReader(lines: AsyncIterable<string>, running: RunningEngine): LineReader {
  const iterator = lines[Symbol.asyncIterator]();
  let asked: Promise<NextLine> | null = null;
  let exit: EngineExit | null = null;
  // One listener for all lines: a race against `exited` for each of them would keep something of each until the end.
  let onExit = () => {};
  void running.exited.then((how) => {
    exit = how;
    onExit();
  });
  const ask = async (): Promise<NextLine> => {
    const next = await iterator.next();
    return next.done === true ? { kind: "end", exit: await exitOf(running) } : { kind: "line", line: next.value };
  };
  return {
    next: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        let timer: NodeJS.Timeout | undefined;
        let isWaiting = true;
        const leave = () => {
          isWaiting = false;
          clearTimeout(timer);
          onExit = () => {};
          signal.removeEventListener("abort", onAbort);
        };
        const onAbort = () => {
          leave();
          reject(signal.reason);
        };
        signal.addEventListener("abort", onAbort, { once: true });
        onExit = () => {
          timer = setTimeout(() => {
            leave();
            resolve({ kind: "end", exit });
          }, lateLineMs);
        };
        if (exit !== null) onExit();
        asked ??= ask();
        const taken =
          <T>(settle: (value: T) => void) =>
          (value: T) => {
            if (!isWaiting) return;
            leave();
            asked = null;
            settle(value);
          };
        asked.then(taken(resolve), taken(reject));
      }),
  };
}
