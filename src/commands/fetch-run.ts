/** A finished run of GitHub's: what GitHub says of it, and what it has uploaded. */
import { join } from "node:path";
import type { GitHubClient } from "../github/client.ts";
import { artifactFiles } from "../github/download.ts";
import { answered } from "../github/refusal-problem.ts";
import { type WorkflowRun, workflowRun } from "../github/workflow-runs.ts";
import { stateFolderOf } from "../goldens/state-folder.ts";
import { artifactBroken } from "../messages/artifacts.ts";
import { GateError } from "../model/problem.ts";
import type { Workbench } from "./workbench.ts";

export interface RunWanted {
  readonly client: GitHubClient;
  /** Number of the run. */
  readonly run: number;
  /** Name of the artifact. */
  readonly artifact: string;
}

const reportFile = "report.json";
const transcriptFile = "transcript.jsonl";

export interface UploadedReport {
  readonly run: WorkflowRun;
  /** Written by the run, and so perhaps by a stranger. */
  readonly reportText: string;
}

/** Only the report; nothing is written. Throws GateError for what cannot be had or must not be used. */
export async function uploadedReport(
  { client, run, artifact }: RunWanted,
  signal: AbortSignal,
): Promise<UploadedReport> {
  const about = answered(await workflowRun(client, run), `read run ${run}`);
  const files = await artifactFiles(client, { run, name: artifact, files: [reportFile] }, signal);
  return { run: about, reportText: textOf(files.get(reportFile)) };
}

/** Report and transcript, in a folder of their own beside the suite that git ignores. Throws GateError as above. */
export async function fetchedRun(
  { client, run, artifact }: RunWanted,
  suiteFolder: string,
  bench: Pick<Workbench, "files" | "signal">,
): Promise<{ readonly run: WorkflowRun; readonly folder: string }> {
  const about = answered(await workflowRun(client, run), `read run ${run}`);
  const wanted = { run, name: artifact, files: [reportFile, transcriptFile] };
  const files = await artifactFiles(client, wanted, bench.signal);
  textOf(files.get(reportFile));
  const folder = join(stateFolderOf(suiteFolder), "runs", String(run));
  for (const [name, bytes] of files) await bench.files.writeAtomic(join(folder, name), bytes);
  return { run: about, folder };
}

function textOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new GateError([artifactBroken({ why: `no ${reportFile}` })]);
  return new TextDecoder().decode(bytes);
}
