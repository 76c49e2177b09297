/** The sample runs as reports. */
import { buildReport } from "../../src/report/build-report.ts";
import type { Report } from "../../src/report/report.ts";
import { sampleRuns } from "./sample-runs.ts";

export const sampleNames: readonly string[] = Object.keys(sampleRuns);

export function reportNamed(name: string): Report {
  const run = sampleRuns[name];
  if (run === undefined) throw new Error(`no sample run ${name}`);
  return buildReport(run);
}
