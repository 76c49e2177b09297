/** Ends a process as GitHub's runner cancels a step: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL, to that process only. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const laterMs = { SIGTERM: 7500, SIGKILL: 10_000 } as const;

export interface Ended {
  /** Those that were needed. */
  readonly signals: readonly NodeJS.Signals[];
  readonly afterMs: number;
}

/** Resolves when the process has ended. */
export async function endLikeRunner(child: ChildProcess): Promise<Ended> {
  const signals: NodeJS.Signals[] = [];
  const startedAt = performance.now();
  const send = (signal: NodeJS.Signals) => {
    signals.push(signal);
    child.kill(signal);
  };
  const exited = once(child, "exit");
  send("SIGINT");
  const timers = [
    setTimeout(() => send("SIGTERM"), laterMs.SIGTERM),
    setTimeout(() => send("SIGKILL"), laterMs.SIGKILL),
  ];
  await exited;
  for (const timer of timers) clearTimeout(timer);
  return { signals, afterMs: performance.now() - startedAt };
}
