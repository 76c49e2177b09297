/** Where the action shows a report, in this order: the log comes before what a network may delay. */
import type { MatrixJob } from "../model/matrix-job.ts";
import { annotationsDestination } from "../publish/annotations.ts";
import { checkRunDestination } from "../publish/check-run.ts";
import { commentDestination } from "../publish/comment.ts";
import type { Destination } from "../publish/destination.ts";
import { filesDestination } from "../publish/files.ts";
import { reportFiles } from "../publish/report-files.ts";
import { stepSummaryDestination } from "../publish/step-summary.ts";
import { renderStepSummary, summaryBudget } from "../report/render/step-summary.ts";
import type { Report } from "../report/report.ts";
import type { GitHubScene } from "./github-scene.ts";
import type { Inputs } from "./inputs.ts";
import type { StepLog } from "./log.ts";
import type { Outcome } from "./outcome.ts";
import type { Runner } from "./runner.ts";
import { masked } from "./secrets.ts";

export interface Showing {
  readonly inputs: Pick<Inputs, "check-run" | "check-name" | "comment">;
  readonly gitHub: GitHubScene;
  /** Null outside of a matrix. */
  readonly matrix: MatrixJob | null;
  readonly log: StepLog;
  readonly runner: Runner;
  readonly outcome: Outcome;
  /** Name of the artifact; null when none is uploaded. */
  readonly artifact: string | null;
  readonly secrets: readonly string[];
  /** Page of the run; null when it is not known. */
  readonly runUrl: string | null;
}

export function destinationsOf({
  log,
  runner,
  outcome,
  artifact,
  secrets,
  inputs,
  gitHub,
  matrix,
  runUrl,
}: Showing): readonly Destination[] {
  const { appendSummary } = runner;
  const name = inputs["check-name"] || null;
  const hands = { ...gitHub, matrix, artifact, outcome, name };
  const append = appendSummary === null ? null : (markdown: string) => appendSummary(masked(markdown, secrets));
  const summaryFile = {
    file: "summary.md",
    render: (report: Report) => renderStepSummary(report, { artifact, outcome, runUrl, budgetBytes: summaryBudget }),
  };
  return [
    annotationsDestination({ print: log.write, fails: outcome === "fails" }),
    filesDestination([...reportFiles, summaryFile]),
    stepSummaryDestination({ append, artifact, outcome }),
    ...(inputs["check-run"] ? [checkRunDestination(hands)] : []),
    ...(inputs.comment ? [commentDestination(hands)] : []),
  ];
}
