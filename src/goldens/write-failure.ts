/** Says why something of a recording could not be written. */
import { diskFull, recordingNotWritten } from "../messages/recording.ts";
import { GateError } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import { codeOf, reasonOf } from "../platform/thrown.ts";

/** For a failure before anything was put in place: the disk is full, or writing was not allowed. */
export function writeFailure(error: unknown, suiteFolder: string): GateError {
  const isFull = ["ENOSPC", "EDQUOT"].includes(codeOf(error) ?? "");
  const about = { folder: displayPath(suiteFolder), why: reasonOf(error) };
  return new GateError([isFull ? diskFull(about) : recordingNotWritten(about)], { cause: error });
}
