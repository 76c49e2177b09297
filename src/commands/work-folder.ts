/** What a run leaves beside the suite and nobody commits: transcripts, the last report, and what a recording prepares. */
import { dirname, join } from "node:path";
import type { Files } from "../platform/files.ts";
import type { Report } from "../report/report.ts";

/** Folder beside the suite, ignored by git. */
export const workFolderOf = (suitePath: string) => join(dirname(suitePath), ".inference-gate");

/** The report of the last run, for `explain`. */
export const lastReportPath = (suitePath: string) => join(workFolderOf(suitePath), "report.json");

/** Such as `inference-gate/.inference-gate/transcripts/check-20261123T224510123Z.jsonl`; `now` in milliseconds since the epoch. */
export function transcriptPathFor(suitePath: string, command: "check" | "record", now: number): string {
  const at = new Date(now).toISOString().replace(/[-:.]/g, "");
  return join(workFolderOf(suitePath), "transcripts", `${command}-${at}.jsonl`);
}

/** Creates the folder with a `.gitignore` that covers all of it. */
export async function ensureWorkFolder(suitePath: string, files: Files): Promise<void> {
  const ignore = join(workFolderOf(suitePath), ".gitignore");
  if (!(await files.exists(ignore))) await files.writeAtomic(ignore, "*\n");
}

/** The report as published JSON. */
export const reportText = (report: Report) => `${JSON.stringify(report, null, 2)}\n`;
