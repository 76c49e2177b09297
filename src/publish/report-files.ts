/** The files that a report is written as: one line a format. */
import { reportText } from "../report/render/json.ts";
import { renderJUnit } from "../report/render/junit.ts";
import { renderSarif } from "../report/render/sarif.ts";
import type { Report } from "../report/report.ts";

export interface ReportFile {
  /** Name in the report folder. */
  readonly file: string;
  /** Pure; the whole content of the file. */
  render(report: Report): string;
}

export const reportFiles: readonly ReportFile[] = [
  { file: "report.json", render: reportText },
  { file: "junit.xml", render: renderJUnit },
  { file: "report.sarif", render: renderSarif },
];
