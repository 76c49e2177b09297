/** The first words with an engine, under the start-up limit of the suite. */
import { noAnswer } from "../../messages/engines-reply.ts";
import { GateError } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";

/** Runs `work` with a signal that is aborted, with GateError (`engines/no-answer`) as its reason, when the limit has passed. */
export async function opening<T>(suite: Suite, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const limitMs = suite.timeouts.startupMs;
  const expire = () => limit.abort(new GateError([noAnswer({ engine: suite.engine.name, limitMs })]));
  const timer = setTimeout(expire, limitMs);
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
  }
}
