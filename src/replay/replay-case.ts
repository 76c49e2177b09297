/** Sends one case to an engine session under its time limits and makes sure that what came back is an answer. */
import type { EngineSession } from "../engines/engine.ts";
import { caseStalled, caseTimedOut, emptyCompletion, missingTokenIds } from "../messages/replay.ts";
import type { Case } from "../model/case.ts";
import type { Completion, OnToken } from "../model/completion.ts";
import { isEmptyAnswer } from "../model/empty-answer.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { EngineName, Timeouts } from "../model/suite.ts";

export interface ReplayOptions {
  readonly engine: EngineName;
  readonly timeouts: Timeouts;
  /** Ends the replay from outside (a signal to the process); its reason is thrown. */
  readonly signal: AbortSignal;
  readonly onToken: OnToken;
}

const needsIds = (item: Case) => item.compare.tier !== "text";

/** Throws GateError when the engine fails, is too slow, falls silent, or answers with nothing. */
export async function replayCase(session: EngineSession, item: Case, options: ReplayOptions): Promise<Completion> {
  const { timeouts, signal } = options;
  signal.throwIfAborted();
  const limit = new AbortController();
  const at = { caseId: item.id, source: item.source };
  let tokens = 0;
  const expire = (problem: (limitMs: number) => Problem, limitMs: number) => () =>
    limit.abort(new GateError([problem(limitMs)]));
  const onStall = expire((limitMs) => caseStalled({ ...at, limitMs, tokens }), timeouts.stallMs);
  const whole = setTimeout(
    expire((limitMs) => caseTimedOut({ ...at, limitMs, tokens }), timeouts.caseMs),
    timeouts.caseMs,
  );
  const stall = setTimeout(onStall, timeouts.stallMs);
  try {
    const completion = await session.complete(
      {
        caseId: item.id,
        prompt: item.prompt,
        sampling: item.sampling,
        needsTokenIds: needsIds(item),
        signal: AbortSignal.any([signal, limit.signal]),
      },
      (token) => {
        tokens += 1;
        stall.refresh();
        return options.onToken(token);
      },
    );
    return assertAnswer(completion, item, options.engine);
  } catch (error) {
    signal.throwIfAborted();
    limit.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(whole);
    clearTimeout(stall);
  }
}

function assertAnswer(completion: Completion, item: Case, engine: EngineName): Completion {
  const at = { caseId: item.id, source: item.source };
  if (needsIds(item) && completion.tokenIds === null) {
    throw new GateError([missingTokenIds({ ...at, engine, tier: item.compare.tier })]);
  }
  if (isEmptyAnswer(completion)) {
    const { tokenIds, finishReason } = completion;
    const isBare = item.prompt.kind === "text";
    throw new GateError([emptyCompletion({ ...at, tokens: tokenIds?.length ?? 0, finishReason, isBare })]);
  }
  return completion;
}
