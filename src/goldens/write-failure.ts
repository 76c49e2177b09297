/** Says why something of a recording could not be written. */
import { diskFull, recordingNotWritten } from "../messages/recording.ts";
import { GateError } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";

/** For a failure before anything was put in place: the disk is full, or writing was not allowed. */
export function writeFailure(error: unknown, suiteFolder: string): GateError {
  const isFull = error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
  const about = { folder: displayPath(suiteFolder), why: whyOf(error) };
  return new GateError([isFull ? diskFull(about) : recordingNotWritten(about)], { cause: error });
}

/** The words of an error. */
export function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
