/** Waits until an engine is ready, cannot become it, is late, or has ended; whatever is first. */
import type { EngineExit } from "../../model/launch-plan.ts";
import { awaitReady, type Readied } from "./await-ready.ts";
import type { Probe } from "./probe.ts";

export type ReadyOrExited = Readied | { readonly kind: "exited"; readonly exit: EngineExit };

/** Rejects with the signal's reason when that is aborted; `limitMs` counts from the call. */
export async function readyOrExited(
  probes: readonly Probe[],
  exited: Promise<EngineExit>,
  limitMs: number,
  signal: AbortSignal,
): Promise<ReadyOrExited> {
  const over = new AbortController();
  try {
    return await Promise.race([
      awaitReady(probes, limitMs, AbortSignal.any([signal, over.signal])),
      exited.then((exit) => ({ kind: "exited", exit }) as const),
    ]);
  } finally {
    over.abort();
  }
}
