/** `clean-up`: ends what gates that were killed have left on this machine, with every runtime; never what another job still owns. */
import type { Problem } from "../model/problem.ts";
import { asProblems } from "./reporting.ts";
import type { Workbench } from "./workbench.ts";

export interface CleanedUp {
  /** What was stopped, one phrase each. */
  readonly stopped: readonly string[];
  /** What could not be. */
  readonly problems: readonly Problem[];
}

/** A runtime that is not on this machine has left nothing. Never throws. */
export async function cleanUp(bench: Workbench): Promise<CleanedUp> {
  const stopped: string[] = [];
  const problems: Problem[] = [];
  const note = (error: unknown) => {
    problems.push(...asProblems(error, bench.onProgress));
  };
  // Asking a container engine takes its time, so all are asked at once; they share records of launches, so each sweeps alone.
  const asked = Object.values(bench.runtimes).map(async (runtime) => {
    const { available } = await runtime.available();
    return available ? runtime : null;
  });
  for (const answer of await Promise.allSettled(asked)) {
    if (answer.status === "rejected") note(answer.reason);
    else stopped.push(...((await answer.value?.sweep().catch(note)) ?? []));
  }
  return { stopped, problems };
}
