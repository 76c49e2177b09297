/** What a message shows of the log of a running engine. */
import type { RunningEngine } from "../../model/launch-plan.ts";

/** The end of the log as it is now, and the file that holds the whole. */
export const logOf = (running: RunningEngine) => ({ logTail: running.logTail(), logFile: running.logFile() });
