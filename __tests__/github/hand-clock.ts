/** Time that passes only when somebody sleeps. */
import type { Clock } from "../../src/platform/clock.ts";

/** Starts at `startMs` since the epoch; `slept` holds every sleep in milliseconds. */
export function handClock(startMs = 1_700_000_000_000): Clock & { readonly slept: number[] } {
  let now = startMs;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}
