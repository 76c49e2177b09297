/** Destination `step summary`: the page of the run at GitHub; needs no permission. */
import { renderStepSummary, type SummaryOptions, summaryBudget } from "../report/render/step-summary.ts";
import type { Destination } from "./destination.ts";

export interface SummaryHands extends Omit<SummaryOptions, "budgetBytes" | "runUrl"> {
  /** Appends Markdown to the step's summary; null outside of GitHub. */
  readonly append: ((markdown: string) => Promise<void>) | null;
}

export function stepSummaryDestination({ append, artifact, outcome }: SummaryHands): Destination {
  return {
    name: "step summary",
    async publish(report, { runUrl }) {
      if (append === null) return { kind: "skipped", reason: "This is no step of a GitHub workflow." };
      await append(renderStepSummary(report, { artifact, outcome, runUrl, budgetBytes: summaryBudget }));
      return { kind: "published", where: null };
    },
  };
}
