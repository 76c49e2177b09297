/** Ready when a line of the engine's log has contained a text. */
import type { Probe } from "./probe.ts";

export interface LogProbe extends Probe {
  /** To be told every line of the log. */
  readonly onLine: (line: string) => void;
}

export function logProbe(contains: string): LogProbe {
  let found = false;
  return {
    waitsFor: `a log line with ${JSON.stringify(contains)}`,
    onLine: (line) => {
      found ||= line.includes(contains);
    },
    look: async () => (found ? { kind: "ready" } : { kind: "waiting", seen: "no such log line" }),
  };
}
