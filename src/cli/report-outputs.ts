/** The files that a verb writes its report to beside the terminal: an option a format. */
import { resolve } from "node:path";
import type { Files } from "../platform/files.ts";
import type { RunDetail } from "../report/detail.ts";
import { renderHtml } from "../report/html/page.ts";
import { reportText } from "../report/render/json.ts";
import { renderJUnit } from "../report/render/junit.ts";
import { renderSarif } from "../report/render/sarif.ts";
import { renderStatement } from "../report/render/statement.ts";
import type { Report } from "../report/report.ts";

/** Where each format is written; null for those that nobody asked for. */
export interface ReportOutputs {
  /** `-` is standard output. */
  readonly json: string | null;
  readonly junit: string | null;
  readonly sarif: string | null;
  readonly html: string | null;
  /** Nothing is written for a run that never got to its goldens. */
  readonly statement: string | null;
}

/** Writes what was asked for, each file whole; `detail` is gathered for the page alone. Errors: those of the file system, with the file's path. */
export async function writeOutputs(
  report: Report,
  outputs: ReportOutputs,
  files: Files,
  detail: () => Promise<RunDetail>,
): Promise<void> {
  const { json, junit, sarif, html, statement } = outputs;
  const stated = statement === null ? null : renderStatement(report, null);
  if (json !== null && json !== "-") await files.writeAtomic(resolve(json), reportText(report));
  if (junit !== null) await files.writeAtomic(resolve(junit), renderJUnit(report));
  if (sarif !== null) await files.writeAtomic(resolve(sarif), renderSarif(report));
  if (statement !== null && stated !== null) await files.writeAtomic(resolve(statement), stated);
  if (html !== null) await files.writeAtomic(resolve(html), renderHtml(report, await detail()));
}
