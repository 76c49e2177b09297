/** The one place that listens to SIGINT, SIGTERM and SIGHUP: first a chance to unwind, then certainty. */
import { systemClock } from "./clock.ts";

export const shutdownSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type ShutdownSignal = (typeof shutdownSignals)[number];

/** The reason with which the work's AbortSignal is aborted; the caller turns it into an exit code. */
export class Shutdown extends Error {
  readonly signalName: ShutdownSignal;

  constructor(signalName: ShutdownSignal) {
    super(`ended by ${signalName}`);
    this.name = "Shutdown";
    this.signalName = signalName;
  }
}

export interface ShutdownOptions {
  /** How long the work may unwind before the last resorts run; GitHub's runner gives 7.5 s after its first signal. */
  readonly deadlineMs?: number;
  /** Told of the first signal, before the work is. */
  readonly onSignal?: (name: ShutdownSignal) => void;
}

const lastResorts = new Set<() => void>();

/**
 * Registers a synchronous clean-up for when nothing asynchronous can run any more: the unwinding took too long, a second signal,
 * `process.exit`, an uncaught exception or an unhandled rejection. Returns the function that takes it back. What it throws is swallowed.
 */
export function lastResort(cleanUp: () => void): () => void {
  // A wrapper of its own, so that the same function may be registered twice.
  const entry = () => cleanUp();
  if (lastResorts.size === 0) process.on("exit", runLastResorts);
  lastResorts.add(entry);
  return () => {
    lastResorts.delete(entry);
    if (lastResorts.size === 0) process.off("exit", runLastResorts);
  };
}

/**
 * Runs `work`. The first signal aborts the AbortSignal with a `Shutdown` and lets the work unwind; when that takes longer than the
 * deadline, the last resorts run and the result is a rejection with that `Shutdown`. A second signal runs them at once and ends the
 * process by that signal. Otherwise the result is that of `work`.
 */
export async function withShutdown<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { deadlineMs = 6000, onSignal }: ShutdownOptions = {},
): Promise<T> {
  const unwinding = new AbortController();
  const finished = new AbortController();
  let giveUp: (reason: Shutdown) => void = () => {};
  const overdue = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const stopListening = () => {
    for (const name of shutdownSignals) process.off(name, onSignalName);
  };
  const onSignalName = (name: NodeJS.Signals) => {
    if (unwinding.signal.aborted) {
      stopListening();
      runLastResorts();
      process.kill(process.pid, name);
      return;
    }
    const shutdown = new Shutdown(shutdownSignals.find((known) => known === name) ?? "SIGTERM");
    onSignal?.(shutdown.signalName);
    unwinding.abort(shutdown);
    systemClock.sleep(deadlineMs, finished.signal).then(
      () => {
        runLastResorts();
        giveUp(shutdown);
      },
      () => {},
    );
  };
  for (const name of shutdownSignals) process.on(name, onSignalName);
  try {
    return await Promise.race([work(unwinding.signal), overdue]);
  } finally {
    finished.abort();
    stopListening();
  }
}

function runLastResorts(): void {
  for (const cleanUp of lastResorts) {
    try {
      cleanUp();
    } catch {
      // One that fails must not keep the others from running; there is nobody left to tell.
    }
  }
}
