/** The files that a report is written as: one line a format. */
import type { RunDetail } from "../report/detail.ts";
import { renderHtml } from "../report/html/page.ts";
import { reportText } from "../report/render/json.ts";
import { renderJUnit } from "../report/render/junit.ts";
import { renderSarif } from "../report/render/sarif.ts";
import { renderPredicate, renderStatement } from "../report/render/statement.ts";
import type { Report } from "../report/report.ts";

/** What is known of a run beside its report. */
export interface AboutRun {
  /** For what shows more than the report; gathered when it is asked for. */
  readonly detail: () => Promise<RunDetail>;
  /** Page of the run; null when it has none. */
  readonly runUrl: string | null;
}

export interface ReportFile {
  /** Name in the report folder. */
  readonly file: string;
  /** The whole content of the file, or null for a report that has none. */
  render(report: Report, about: AboutRun): string | null | Promise<string>;
}

export const reportFiles: readonly ReportFile[] = [
  { file: "report.json", render: reportText },
  { file: "junit.xml", render: renderJUnit },
  { file: "report.sarif", render: renderSarif },
  { file: "report.html", render: async (report, { detail }) => renderHtml(report, await detail()) },
  { file: "statement.json", render: (report, { runUrl }) => renderStatement(report, runUrl) },
  { file: "predicate.json", render: (report, { runUrl }) => renderPredicate(report, runUrl) },
];
