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
  for (const runtime of Object.values(bench.runtimes)) {
    try {
      if ((await runtime.available()).available) stopped.push(...(await runtime.sweep()));
    } catch (error) {
      problems.push(...asProblems(error, bench.onProgress));
    }
  }
  return { stopped, problems };
}
