/** Where the whole of an engine's log is, when only its end is shown. */

/** The log of an engine as a message shows it. */
export interface ShownLog {
  /** The last lines. */
  readonly logTail: readonly string[];
  /** File that holds the whole; null when none could be written. */
  readonly logFile: string | null;
}

/** One line of help, or none when there is no file. */
export const wholeLog = (logFile: string | null): readonly string[] =>
  logFile === null ? [] : [`The whole log of the engine: ${logFile}`];
