/** A finished run of GitHub's: what GitHub says of it, and what it has uploaded. */
import { join } from "node:path";
import type { GitHubClient } from "../github/client.ts";
import { artifactFiles } from "../github/download.ts";
import { answered } from "../github/refusal-problem.ts";
import { artifactNames, isOwnRun, type WorkflowRun, workflowRun } from "../github/workflow-runs.ts";
import { stateFolderOf } from "../goldens/state-folder.ts";
import { artifactBroken, runOfFork, severalReports } from "../messages/artifacts.ts";
import { GateError } from "../model/problem.ts";
import { reportArtifact } from "../publish/report-artifact.ts";
import type { Workbench } from "./workbench.ts";

export interface RunWanted {
  readonly client: GitHubClient;
  /** Number of the run. */
  readonly run: number;
  /** Name of the artifact; null for what jobs call it by themselves. */
  readonly artifact: string | null;
}

const reportFile = "report.json";
const transcriptFile = "transcript.jsonl";

export interface UploadedReport {
  /** Name of the artifact. */
  readonly artifact: string;
  /** Written by the run, and so perhaps by a stranger. */
  readonly text: string;
}

/** A run with more of them is no matrix that anybody looks at, and would cost a token its hourly limit. */
const mostReports = 20;

/** Only the reports, one of each job of a matrix; nothing is written. Throws GateError for what cannot be had or must not be used. */
export async function uploadedReports(
  wanted: RunWanted,
  signal: AbortSignal,
): Promise<{ readonly run: WorkflowRun; readonly reports: readonly UploadedReport[] }> {
  const { client, run } = wanted;
  const about = answered(await workflowRun(client, run), `read run ${run}`);
  const reports: UploadedReport[] = [];
  for (const artifact of await artifactsOf(wanted, mostReports)) {
    const files = await artifactFiles(client, { run, name: artifact, files: [reportFile] }, signal);
    reports.push({ artifact, text: textOf(files.get(reportFile)) });
  }
  return { run: about, reports };
}

/**
 * Report and transcript, in a folder of their own beside the suite that git ignores. Throws GateError as above, and for a run whose code a stranger
 * may have written, unless `strangers` says otherwise.
 */
export async function fetchedRun(
  wanted: RunWanted & { readonly strangers: "refused" | "trusted" },
  suiteFolder: string,
  bench: Pick<Workbench, "files" | "signal">,
): Promise<{ readonly run: WorkflowRun; readonly folder: string }> {
  const { client, run } = wanted;
  const about = answered(await workflowRun(client, run), `read run ${run}`);
  assertOwn(about, wanted);
  const [name = reportArtifact] = await artifactsOf(wanted, 1);
  const files = await artifactFiles(client, { run, name, files: [reportFile, transcriptFile] }, bench.signal);
  textOf(files.get(reportFile));
  const folder = join(stateFolderOf(suiteFolder), "runs", String(run));
  for (const [name, bytes] of files) await bench.files.writeAtomic(join(folder, name), bytes);
  return { run: about, folder };
}

function assertOwn(run: WorkflowRun, { client, strangers }: Parameters<typeof fetchedRun>[0]): void {
  if (strangers === "trusted" || isOwnRun(run, client.repository)) return;
  const { owner, repo } = client.repository;
  const { id, headRepository: head, event } = run;
  throw new GateError([runOfFork({ run: id, head, base: `${owner}/${repo}`, event })]);
}

/** The one that was named, or those that jobs have named by themselves; never none. Throws GateError for more than `most`. */
async function artifactsOf({ client, run, artifact }: RunWanted, most: number): Promise<readonly string[]> {
  if (artifact !== null) return [artifact];
  const names = answered(await artifactNames(client, run), `read the artifacts of run ${run}`);
  const own = names.filter((name) => name === reportArtifact || name.startsWith(`${reportArtifact}-`));
  if (own.length > most) throw new GateError([severalReports({ run, names: own })]);
  return own.length === 0 ? [reportArtifact] : own;
}

function textOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new GateError([artifactBroken({ why: `no ${reportFile}` })]);
  return new TextDecoder().decode(bytes);
}
