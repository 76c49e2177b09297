/** The files that a report is written as: one line a format. */
import { reportText } from "../report/render/json.ts";
import type { Report } from "../report/report.ts";

export interface ReportFile {
  /** Name in the report folder. */
  readonly file: string;
  /** Pure; the whole content of the file. */
  render(report: Report): string;
}

export const reportFiles: readonly ReportFile[] = [{ file: "report.json", render: reportText }];
