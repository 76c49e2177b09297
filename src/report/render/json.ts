/** The report as the JSON that is published: what `--json` writes, what `explain` reads back, what other programs take. */
import { jsonText } from "../escape/json-text.ts";
import type { Report } from "../report.ts";

export const reportText = (report: Report): string => jsonText(report);
