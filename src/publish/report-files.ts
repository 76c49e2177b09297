/** The files that a report is written as: one line a format. */
import type { RunDetail } from "../report/detail.ts";
import { renderHtml } from "../report/html/page.ts";
import { reportText } from "../report/render/json.ts";
import { renderJUnit } from "../report/render/junit.ts";
import { renderSarif } from "../report/render/sarif.ts";
import { renderPredicate, renderStatement } from "../report/render/statement.ts";
import type { Report } from "../report/report.ts";

export interface ReportFile {
  /** Name in the report folder. */
  readonly file: string;
  /** The whole content of the file, or null for a report that has none; `detail` is asked for by what shows more than the report. */
  render(report: Report, detail: () => Promise<RunDetail>): string | null | Promise<string>;
}

export const reportFiles: readonly ReportFile[] = [
  { file: "report.json", render: reportText },
  { file: "junit.xml", render: renderJUnit },
  { file: "report.sarif", render: renderSarif },
  { file: "report.html", render: async (report, detail) => renderHtml(report, await detail()) },
  { file: "statement.json", render: renderStatement },
  { file: "predicate.json", render: renderPredicate },
];
