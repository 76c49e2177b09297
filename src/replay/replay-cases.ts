/** Replays many cases one after another and keeps going past a failing one, as long as there is an engine to ask. */
import type { EngineSession } from "../engines/engine.ts";
import { caseNotRun } from "../messages/replay.ts";
import type { Case } from "../model/case.ts";
import type { Completion, OnToken } from "../model/completion.ts";
import type { RunningEngine } from "../model/launch-plan.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { EngineName, Timeouts } from "../model/suite.ts";
import { replayCase } from "./replay-case.ts";

export type ReplayOutcome =
  | { readonly item: Case; readonly completion: Completion }
  | { readonly item: Case; readonly problems: readonly Problem[] };

export interface ReplayCasesOptions {
  readonly engine: EngineName;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
  /** Called once a case, before it is sent; what it resolves to sees each token. A GateError counts as the case's failure. */
  readonly watch: (item: Case) => Promise<OnToken>;
}

/** Failing cases in a row after which the engine is taken for lost: more would only cost time. */
const lostAfter = 3;

/**
 * Yields one outcome a case, in order. A failing case yields its problems; when the engine has ended, or three cases in a row
 * failed, the rest yield "not run". Throws only the reason of `signal`.
 */
export async function* replayCases(
  session: EngineSession,
  running: RunningEngine,
  cases: Iterable<Case>,
  options: ReplayCasesOptions,
): AsyncGenerator<ReplayOutcome, void> {
  let failedInARow = 0;
  let lost: string | null = null;
  let ended = false;
  void running.exited.then(() => {
    ended = true;
  });
  for (const item of cases) {
    if (lost !== null) {
      yield { item, problems: [caseNotRun({ caseId: item.id, source: item.source, why: lost })] };
      continue;
    }
    try {
      const completion = await replayCase(session, item, { ...options, onToken: await options.watch(item) });
      failedInARow = 0;
      yield { item, completion };
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof GateError)) throw error;
      failedInARow += 1;
      await Promise.resolve();
      if (ended) lost = `the engine ended in case ${item.id}`;
      else if (failedInARow === lostAfter) lost = `${lostAfter} cases in a row failed, the last was ${item.id}`;
      yield { item, problems: error.problems };
    }
  }
}
