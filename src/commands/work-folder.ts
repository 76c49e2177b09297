/** What a run leaves beside the suite and nobody commits: transcripts, the last report, and what a recording prepares. */
import { dirname, join } from "node:path";
import { stateFolderOf } from "../goldens/state-folder.ts";

/** Folder beside the suite, ignored by git. */
const workFolderOf = (suitePath: string) => stateFolderOf(dirname(suitePath));

/** The report of the last run, for `explain`. */
export const lastReportPath = (suitePath: string) => join(workFolderOf(suitePath), "report.json");

/** Such as `inference-gate/.inference-gate/transcripts/check-20261123T224510123Z.jsonl`; `now` in milliseconds since the epoch. */
export function transcriptPathFor(suitePath: string, command: "check" | "record", now: number): string {
  const at = new Date(now).toISOString().replace(/[-:.]/g, "");
  return join(workFolderOf(suitePath), "transcripts", `${command}-${at}.jsonl`);
}
