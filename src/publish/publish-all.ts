/** Serves every destination, one after the other: one that fails never loses the others, and never changes the verdict. */
import { destinationFailed } from "../messages/publish.ts";
import { GateError } from "../model/problem.ts";
import { reasonOf } from "../platform/thrown.ts";
import type { Report } from "../report/report.ts";
import type { Destination, Failed, PublishContext, Published, Skipped } from "./destination.ts";

export type Outcome = { readonly destination: string } & (Published | Skipped | Failed);

/** One outcome a destination, in their order. Never throws. */
export async function publishAll(
  report: Report,
  destinations: readonly Destination[],
  context: PublishContext,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const destination of destinations) {
    outcomes.push({ destination: destination.name, ...(await outcomeOf(destination, report, context)) });
  }
  return outcomes;
}

async function outcomeOf(destination: Destination, report: Report, context: PublishContext) {
  try {
    return await destination.publish(report, context);
  } catch (error) {
    const failed: Failed = {
      kind: "failed",
      problems:
        error instanceof GateError
          ? error.problems
          : [destinationFailed({ destination: destination.name, why: reasonOf(error) })],
    };
    return failed;
  }
}
