/** The outputs of the gate step; `action.yml` passes on those that are described here. */
import { join } from "node:path";
import type { Report } from "../report/report.ts";

/** In the order of `action.yml`. */
export const outputDescriptions = {
  verdict: "match, drift, unstable, environment-changed, usage or error.",
  "exit-code": "The exit code that the command line would have ended with; see docs/exit-codes.md.",
  matched: "Cases that equal their goldens, those within tolerance included.",
  drifted: "Cases that differ from their goldens.",
  unstable: "Cases in which the engine disagrees with itself.",
  report: "Path of the report as JSON (schemas/report.schema.json).",
  summary: "Path of the summary as Markdown.",
  predicate:
    "Path of the verdict as a predicate for actions/attest (docs/release-gate.md); there when the run got to its goldens.",
  "artifact-url": "Address of the uploaded artifact; empty when none was uploaded.",
} as const;

/** What the gate step itself knows: everything but the address of an artifact, and what the later steps go by. */
export function outputsOf(
  report: Report,
  about: { readonly reportFolder: string; readonly upload: boolean; readonly artifactName: string },
): { readonly [name: string]: string } {
  const { counts, verdict, exitCode } = report;
  return {
    verdict,
    "exit-code": String(exitCode),
    matched: String(counts.match + counts.close),
    drifted: String(counts.drift),
    unstable: String(counts.unstable),
    report: join(about.reportFolder, "report.json"),
    summary: join(about.reportFolder, "summary.md"),
    predicate: join(about.reportFolder, "predicate.json"),
    "report-folder": about.reportFolder,
    upload: String(about.upload),
    "artifact-name": about.artifactName,
  };
}
