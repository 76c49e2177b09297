/** Ready when `GET path` answers with a status. */
import { causeOf, reasonOf } from "../../platform/thrown.ts";
import type { Probe } from "./probe.ts";

/** One look is given up after this; a server that accepts connections before it can answer is asked again. */
const lookLimitMs = 5000;

/** `baseUrl` may have a path of its own, without a slash at its end. */
export function httpProbe(baseUrl: string, path: string, status: number): Probe {
  return {
    waitsFor: `GET ${path} to answer ${status}`,
    async look(signal) {
      try {
        const response = await fetch(`${baseUrl}${path}`, {
          redirect: "manual",
          signal: AbortSignal.any([signal, AbortSignal.timeout(lookLimitMs)]),
        });
        await response.body?.cancel();
        if (response.status === status) return { kind: "ready" };
        return { kind: "waiting", seen: `GET ${path} answered ${response.status}` };
      } catch (error) {
        return { kind: "waiting", seen: `GET ${path} failed: ${whyUnanswered(error)}` };
      }
    },
  };
}

/** `fetch` hides the reason in the cause of its error. */
function whyUnanswered(error: unknown): string {
  const reason = reasonOf(causeOf(error));
  return /due to timeout/.test(reason) ? `no answer within ${lookLimitMs / 1000} s` : reason;
}
