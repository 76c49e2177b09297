/** `publish`: shows what an unprivileged run has uploaded, with the rights of a trusted one. Everything in the upload is taken as hostile. */

import { answered } from "../github/refusal-problem.ts";
import type { WorkflowRun } from "../github/workflow-runs.ts";
import { openPullOf } from "../github/workflow-runs.ts";
import { checkRunDestination } from "../publish/check-run.ts";
import { commentDestination } from "../publish/comment.ts";
import type { Destination } from "../publish/destination.ts";
import { type Outcome, publishAll } from "../publish/publish-all.ts";
import { noDetail } from "../report/detail.ts";
import { parseReport } from "../report/parse-report.ts";
import { checkRunName } from "../report/render/check-run.ts";
import type { Report } from "../report/report.ts";
import { type RunWanted, uploadedReport } from "./fetch-run.ts";
import type { Workbench } from "./workbench.ts";

export interface PublishRunOptions extends RunWanted {
  readonly checkRun: "write" | "leave";
  readonly comment: "write" | "leave";
  /** Name of the check run; null for one that is made of the suite's. */
  readonly name: string | null;
  /** Absolute folder that paths of the report are relative to. */
  readonly root: string;
}

export interface PublishedRun {
  readonly run: WorkflowRun;
  readonly report: Report;
  readonly outcomes: readonly Outcome[];
}

/**
 * Commit, pull request and page of the run are what GitHub says; from the artifact comes the report alone, checked against its schema.
 * Throws GateError when run or report cannot be read; a destination that fails is an outcome.
 */
export async function publishRun(options: PublishRunOptions, bench: Workbench): Promise<PublishedRun> {
  const { client, artifact, root } = options;
  const { run, reportText } = await uploadedReport(options, bench.signal);
  const report = parseReport(reportText, `report.json of run ${run.id}`);
  const pull = options.comment === "leave" ? null : answered(await openPullOf(client, run), "find the pull request");
  const outcome = report.verdict === "match" ? "passes" : "fails";
  const hands = { client, artifact, outcome, headSha: run.headSha, job: "publish" } as const;
  // It says whose word it is: whoever wrote the run's code wrote its report.
  const name = options.name ?? `${checkRunName(report.suite?.name ?? "no suite")} (as uploaded)`;
  const destinations: readonly Destination[] = [
    ...(options.checkRun === "write" ? [checkRunDestination({ ...hands, name })] : []),
    ...(options.comment === "write" ? [commentDestination({ ...hands, pull, name: options.name })] : []),
  ];
  const outcomes = await publishAll(report, destinations, {
    ...{ files: bench.files, signal: bench.signal, runUrl: run.url },
    ...{ repositoryRoot: root, reportFolder: root },
    detail: async () => noDetail,
  });
  return { run, report, outcomes };
}
