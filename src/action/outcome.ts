/** Whether a verdict fails the job: what could not run always does, the rest as `fail-on` says. */
import type { Report } from "../report/report.ts";
import { type Tolerable, tolerable } from "./inputs.ts";

export type Outcome = "passes" | "fails" | "tolerated";

/** `failOn` holds the verdicts on a change that fail. A recording has none to tolerate: what it could not record has failed. */
export function outcomeOf(
  { verdict, command }: Pick<Report, "verdict" | "command">,
  failOn: readonly Tolerable[],
): Outcome {
  if (verdict === "match") return "passes";
  const known = tolerable.find((name) => name === verdict);
  return command === "record" || known === undefined || failOn.includes(known) ? "fails" : "tolerated";
}
