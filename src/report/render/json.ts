/** The report as the JSON that is published: what `--json` writes, what `explain` reads back, what other programs take. */
import type { Report } from "../report.ts";

export const reportText = (report: Report) => `${JSON.stringify(report, null, 2)}\n`;
