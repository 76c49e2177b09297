/** The files that a verb writes its report to beside the terminal: an option a format. */
import { resolve } from "node:path";
import type { Files } from "../platform/files.ts";
import { reportText } from "../report/render/json.ts";
import { renderJUnit } from "../report/render/junit.ts";
import { renderSarif } from "../report/render/sarif.ts";
import type { Report } from "../report/report.ts";

/** Where each format is written; null for those that nobody asked for. */
export interface ReportOutputs {
  /** `-` is standard output. */
  readonly json: string | null;
  readonly junit: string | null;
  readonly sarif: string | null;
}

/** Writes what was asked for, each file whole. Errors: those of the file system, with the file's path. */
export async function writeOutputs(report: Report, outputs: ReportOutputs, files: Files): Promise<void> {
  const wanted: readonly (readonly [path: string | null, render: (report: Report) => string])[] = [
    [outputs.json === "-" ? null : outputs.json, reportText],
    [outputs.junit, renderJUnit],
    [outputs.sarif, renderSarif],
  ];
  for (const [path, render] of wanted) {
    if (path !== null) await files.writeAtomic(resolve(path), render(report));
  }
}
