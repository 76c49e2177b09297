/** `publish`: shows what an unprivileged run has uploaded, with the rights of a trusted one. Everything in the upload is taken as hostile. */

import type { GitHubClient } from "../github/client.ts";
import { answered } from "../github/refusal-problem.ts";
import type { WorkflowRun } from "../github/workflow-runs.ts";
import { openPullOf } from "../github/workflow-runs.ts";
import type { MatrixJob } from "../model/matrix-job.ts";
import { checkRunDestination } from "../publish/check-run.ts";
import { commentDestination } from "../publish/comment.ts";
import type { Destination } from "../publish/destination.ts";
import { type Outcome, publishAll } from "../publish/publish-all.ts";
import { jobOfArtifact } from "../publish/report-artifact.ts";
import { noDetail } from "../report/detail.ts";
import { terminalText } from "../report/escape/terminal-text.ts";
import { parseReport } from "../report/parse-report.ts";
import { checkRunName } from "../report/render/check-run.ts";
import type { Report } from "../report/report.ts";
import { type RunWanted, uploadedReports } from "./fetch-run.ts";
import type { Workbench } from "./workbench.ts";

export interface PublishRunOptions extends RunWanted {
  readonly checkRun: "write" | "leave";
  readonly comment: "write" | "leave";
  /** Name of the check run; null for one that is made of the suite's. */
  readonly name: string | null;
  /** Absolute folder that paths of the report are relative to. */
  readonly root: string;
}

export interface PublishedReport {
  /** Name of the artifact that it was in. */
  readonly artifact: string;
  readonly report: Report;
  readonly outcomes: readonly Outcome[];
}

/**
 * Commit, pull request and page of the run are what GitHub says; from the artifacts come the reports alone, checked against their schema, one of
 * each job of a matrix. Throws GateError when the run or any report cannot be read, before anything is shown; a destination that fails is an outcome.
 */
export async function publishRun(
  options: PublishRunOptions,
  bench: Workbench,
): Promise<{ readonly run: WorkflowRun; readonly published: readonly PublishedReport[] }> {
  const { client } = options;
  const { run, reports } = await uploadedReports(options, bench.signal);
  const parsed = reports.map(({ artifact, text }) => ({
    artifact,
    report: parseReport(text, `report.json of run ${run.id}`),
  }));
  const pull = options.comment === "leave" ? null : answered(await openPullOf(client, run), "find the pull request");
  const published: PublishedReport[] = [];
  for (const one of parsed) {
    const destinations = destinationsOf(one, { run, pull, client }, options);
    const outcomes = await publishAll(one.report, destinations, {
      ...{ files: bench.files, signal: bench.signal, runUrl: run.url },
      ...{ repositoryRoot: options.root, reportFolder: options.root },
      detail: async () => noDetail,
    });
    published.push({ ...one, outcomes });
  }
  return { run, published };
}

function destinationsOf(
  { artifact, report }: Pick<PublishedReport, "artifact" | "report">,
  about: { readonly run: WorkflowRun; readonly pull: number | null; readonly client: GitHubClient },
  options: PublishRunOptions,
): readonly Destination[] {
  const { client, pull, run } = about;
  const outcome = report.verdict === "match" ? "passes" : "fails";
  const matrix = jobOfArtifact(artifact);
  const hands = { client, artifact, outcome, headSha: run.headSha, job: "publish", matrix } as const;
  return [
    ...(options.checkRun === "write" ? [checkRunDestination({ ...hands, name: nameOf(report, matrix, options) })] : []),
    ...(options.comment === "write" ? [commentDestination({ ...hands, pull, name: options.name })] : []),
  ];
}

/** It says whose word it is: whoever wrote the run's code wrote its report. */
function nameOf(report: Report, matrix: MatrixJob | null, { name, artifact }: PublishRunOptions): string {
  if (name === null) return `${checkRunName(report.suite?.name ?? "no suite", matrix?.label ?? null)} (as uploaded)`;
  // One name was given, for as many reports as there are.
  return matrix === null || artifact !== null ? name : `${name} (${terminalText(matrix.label)})`;
}
