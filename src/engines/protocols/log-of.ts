/** What a message shows of the log of a running engine. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunningEngine } from "../../model/launch-plan.ts";

/** The end of the log as it is now, and the file that holds the whole. */
export const logOf = (running: RunningEngine) => ({ logTail: running.logTail(), logFile: running.logFile() });

/**
 * The same, once what the engine wrote to its log before its last message has been read: that came through another pipe, which the
 * event loop looks at in the same turn or the next.
 */
export async function settledLogOf(running: RunningEngine) {
  await nextTurn();
  await nextTurn();
  return logOf(running);
}
