/** Looks through all probes again and again until each has been ready once, one cannot be any more, or the time is over. */
import type { Problem } from "../../model/problem.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Probe } from "./probe.ts";

const firstPauseMs = 20;
const longestPauseMs = 250;

export type Readied =
  | { readonly kind: "ready" }
  | { readonly kind: "late"; readonly waitedFor: string; readonly seen: string }
  | { readonly kind: "hopeless"; readonly problem: Problem };

/** In words, for the probes together. */
export function waitsFor(probes: readonly Probe[]): string {
  return probes.length === 0 ? "nothing" : probes.map((probe) => probe.waitsFor).join(" and ");
}

/** Rejects with the signal's reason when that is aborted; `limitMs` counts from the call. */
export async function awaitReady(probes: readonly Probe[], limitMs: number, signal: AbortSignal): Promise<Readied> {
  const timeOver = AbortSignal.timeout(limitMs);
  const either = AbortSignal.any([signal, timeOver]);
  let left = [...probes];
  let seen = "nothing yet";
  for (let pauseMs = firstPauseMs; left.length > 0; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const results = await Promise.all(left.map(async (probe) => ({ probe, result: await probe.look(either) })));
    signal.throwIfAborted();
    for (const { result } of results) if (result.kind === "hopeless") return result;
    left = results.filter(({ result }) => result.kind !== "ready").map(({ probe }) => probe);
    if (left.length === 0) break;
    // The last look is cut off by the time-out; the one before tells more.
    if (!timeOver.aborted || seen === "nothing yet")
      seen = results.flatMap(({ result }) => (result.kind === "waiting" ? [result.seen] : [])).join("; ");
    await systemClock.sleep(pauseMs, either).catch(() => {});
    signal.throwIfAborted();
    if (timeOver.aborted) return { kind: "late", waitedFor: waitsFor(left), seen };
  }
  return { kind: "ready" };
}
