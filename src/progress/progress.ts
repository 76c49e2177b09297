/** Shows a run while it goes on: one calm status line on a terminal, few plain lines in a log. */
import type { ProgressEvent } from "../model/progress.ts";
import { terminalLines, withoutCommands } from "../report/escape/terminal-text.ts";
import { logLine, statusLine, stillRunning } from "./progress-lines.ts";
import { nothingYet, type ProgressState, progressAfter } from "./progress-state.ts";
import type { TerminalLook } from "./terminal-look.ts";

export interface ProgressOptions {
  readonly write: (text: string) => void;
  readonly look: Pick<TerminalLook, "kind" | "width">;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** Calls `tick` every `ms` until the returned function is called; must not keep the process alive. */
  readonly every: (ms: number, tick: () => void) => () => void;
  /** Whether the stack of a defect of ours is printed. */
  readonly defects: "shown" | "hidden";
}

export interface Progress {
  /** Never throws for an event. */
  report(event: ProgressEvent): void;
  /** Writes other text, lines that end in `\n`, above the status line; an empty text only makes room for what others write now. */
  print(text: string): void;
  /** Takes the status line away and stops; idempotent. The cursor is never hidden, so there is nothing else to give back. */
  finish(): void;
}

/** A status line is drawn at most ten times a second, and what a draw left out is shown soon after. */
const redrawMs = 100;
const liveTickMs = 200;
const logTickMs = 1000;
/** Longest silence of a log while something is going on. */
const silenceMs = 10_000;
/** Clears the line the cursor is in and stays at its start. */
const clearLine = "\r\x1b[K";

export function createProgress(options: ProgressOptions): Progress {
  return options.look.kind === "live" ? liveProgress(options) : logProgress(options);
}

/** Timers of Node that do not keep the process alive. */
export function everyUnreferenced(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms);
  timer.unref();
  return () => clearInterval(timer);
}

function liveProgress({ write, look, now, every, defects }: ProgressOptions): Progress {
  let state: ProgressState = nothingYet;
  let shown = "";
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isFinished = false;
  const clear = () => {
    if (shown !== "") write(clearLine);
    shown = "";
  };
  const draw = () => {
    if (isFinished || now() - drawnAt < redrawMs) return;
    drawnAt = now();
    // One column stays free: a full line would make some terminals scroll.
    const line = statusLine(state, drawnAt, look.width - 1);
    if (line === shown) return;
    if (line === "") clear();
    // The cursor goes back to the start, so that whatever else is written takes the place of the line.
    else write(`${clearLine}${line}\r`);
    shown = line;
  };
  const print = (text: string) => {
    clear();
    if (text === "") return;
    write(text);
    draw();
  };
  const stop = every(liveTickMs, draw);
  return {
    report(event) {
      if (isFinished) return;
      state = progressAfter(state, event, now());
      const line = isKept(event) ? logLine(event, state) : null;
      if (line !== null) print(`${line}\n`);
      else if (event.kind === "defect") print(defectText(event.error, defects));
      else draw();
    },
    print,
    finish() {
      if (isFinished) return;
      isFinished = true;
      stop();
      clear();
    },
  };
}

/** What stays on a terminal above the status line: sentences, and cases that need a look. */
function isKept(event: ProgressEvent): boolean {
  if (event.kind !== "case-finished") return event.kind === "note";
  return event.verdict !== "match" && event.verdict !== "answered";
}

function logProgress({ write, now, every, defects }: ProgressOptions): Progress {
  let state: ProgressState = nothingYet;
  let writtenAt = now();
  let isFinished = false;
  const print = (text: string) => {
    if (text !== "") write(text);
    writtenAt = now();
  };
  const stop = every(logTickMs, () => {
    if (now() - writtenAt < silenceMs) return;
    const line = stillRunning(state, now());
    if (line !== null) print(`${withoutCommands(line)}\n`);
  });
  return {
    report(event) {
      if (isFinished) return;
      state = progressAfter(state, event, now());
      const line = logLine(event, state);
      if (line !== null) print(`${withoutCommands(line)}\n`);
      else if (event.kind === "defect") print(defectText(event.error, defects));
    },
    print,
    finish() {
      if (isFinished) return;
      isFinished = true;
      stop();
    },
  };
}

function defectText(error: unknown, defects: ProgressOptions["defects"]): string {
  if (defects === "hidden") return "";
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return terminalLines(stack)
    .map((line) => `  ${line}\n`)
    .join("");
}
