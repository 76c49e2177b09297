/** How long to wait before GitHub is asked once more, and whether asking once more is right. */
import { isRateLimit, type Reply } from "./refusal.ts";

/** What GitHub asks for when a secondary limit comes without `retry-after`. */
const secondaryLimitMs = 60_000;
/** Clocks differ a little; a request in the last second before the reset would be refused again. */
const resetSlackMs = 1_000;
const firstWaitMs = 1_000;
/** Tries of a request whose answer was lost. */
const mostTries = 4;

export interface Attempt {
  readonly method: string;
  /** Null when no answer came. */
  readonly reply: Reply | null;
  /** 1-based. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Milliseconds to wait, or null when it must not or need not be asked again. What GitHub refused because of a limit it has not done, so
 * that anything may be asked again; what was lost may have been done, so that only reading is asked again here.
 */
export function waitBeforeRetry({ method, reply, number, now }: Attempt): number | null {
  if (reply !== null && isRateLimit(reply)) return limitWait(reply, now);
  const isLost = reply === null || reply.status >= 500 || reply.status < 400;
  if (!isLost || method.toUpperCase() !== "GET" || number >= mostTries) return null;
  return firstWaitMs * 2 ** (number - 1);
}

function limitWait({ headers }: Reply, now: number): number {
  const after = headers["retry-after"];
  if (typeof after === "string" || typeof after === "number") {
    const ms = /^\d+$/.test(String(after)) ? Number(after) * 1000 : Date.parse(String(after)) - now;
    if (Number.isFinite(ms)) return Math.max(0, ms);
  }
  const reset = Number(headers["x-ratelimit-reset"]);
  if (String(headers["x-ratelimit-remaining"]) === "0" && Number.isFinite(reset)) {
    return Math.max(0, reset * 1000 - now + resetSlackMs);
  }
  return secondaryLimitMs;
}
