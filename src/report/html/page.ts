/** The report as one HTML file that needs nothing else: the program of the page, and the data it shows. */
import type { RunDetail } from "../detail.ts";
import type { Report } from "../report.ts";
import { inlineJson } from "./inline-json.ts";
import { pageScript, pageScriptHash, pageStyle, pageStyleHash } from "./page-program.ts";

/** Nothing runs but our script, nothing is fetched, nothing is sent, no text becomes markup. */
const policy = [
  "default-src 'none'",
  `script-src '${pageScriptHash}'`,
  `style-src '${pageStyleHash}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** Everything from outside stands in blocks that hold data alone; the script shows it as text. */
export function renderHtml(report: Report, detail: RunDetail): string {
  const { nearTieNats, provenance, leftOut } = detail;
  const blocks = report.cases.flatMap(({ id }, index) => {
    const packed = detail.cases.get(id);
    return packed === undefined ? [] : [`<script type="text/plain" id="case-${index}">${packed}</script>`];
  });
  return `${[
    "<!doctype html>",
    '<html lang="en" data-theme="auto">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<link rel="icon" href="data:,">',
    "<title>Inference Gate report</title>",
    `<style>${pageStyle}</style>`,
    "</head>",
    "<body>",
    "<noscript>This report is shown by a script that it carries. The same verdict stands in report.json and in the log of the run.</noscript>",
    '<div id="page"></div>',
    `<script type="application/json" id="report">${inlineJson({ report, nearTieNats, provenance, leftOut })}</script>`,
    `<script>${pageScript}</script>`,
    ...blocks,
    "</body>",
    "</html>",
  ].join("\n")}\n`;
}
