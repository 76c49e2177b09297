/** The probes that a launch plan asks for. */
import type { LaunchPlan } from "../../model/launch-plan.ts";
import type { Problem } from "../../model/problem.ts";
import type { StdioLines } from "../stdio-lines.ts";
import { httpProbe } from "./http-probe.ts";
import { type LogProbe, logProbe } from "./log-probe.ts";
import { messageProbe } from "./message-probe.ts";
import type { Probe } from "./probe.ts";

/** Those that must be told every line of the log, from its first. */
export function logProbesOf({ readiness }: LaunchPlan): readonly LogProbe[] {
  return readiness.flatMap((wanted) => (wanted.kind === "log" ? [logProbe(wanted.contains)] : []));
}

/** All others. `lines` is null for an engine that is asked over http; `unexpected` makes the problem for a wrong first line. */
export function probesOf(
  { readiness }: LaunchPlan,
  baseUrl: string,
  lines: StdioLines | null,
  unexpected: (line: string, type: string) => Problem,
): readonly Probe[] {
  return readiness.flatMap((wanted): Probe[] => {
    if (wanted.kind === "http") return [httpProbe(baseUrl, wanted.path, wanted.status)];
    if (wanted.kind === "log" || lines === null) return [];
    const { type, skipsPrints = false } = wanted;
    return [messageProbe(lines, { type, skipsPrints, unexpected: (line) => unexpected(line, type) })];
  });
}
