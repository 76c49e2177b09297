import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { noDetail, type RunDetail } from "../../../src/report/detail.ts";
import { renderHtml } from "../../../src/report/html/page.ts";
import type { Report } from "../../../src/report/report.ts";
import { hostileText, injections, withEveryText } from "../hostile-report.ts";
import { reportNamed, sampleNames } from "../sample-reports.ts";

const elements = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map(([, content = ""]) => content);
const tags = (html: string) => (html.match(/<[^\s]/g) ?? []).length;
const dataOf = (html: string) =>
  JSON.parse(elements(html, /<script type="application\/json" id="report">([^<]*)<\/script>/g)[0] ?? "");
const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const detail: RunDetail = {
  ...noDetail,
  cases: new Map([["uk-vs-usa", "AAAA"]]),
  provenance: [{ label: "Run", value: "https://example.invalid/</script>" }],
};

describe("the HTML page", () => {
  test.each(sampleNames)("%s carries its report, and nothing from elsewhere", (name) => {
    const html = renderHtml(reportNamed(name), noDetail);
    expect(dataOf(html).report).toEqual(reportNamed(name));
    const loading = html
      .replace(/(<script>)[\s\S]*?(<\/script>)/g, "$1$2")
      .match(/<(?:link|img|iframe|base|object|embed|a|script [^>]*src)\b[^>]*>/g);
    expect(loading).toEqual(['<link rel="icon" href="data:,">']);
    expect(/@import|url\(/.test(elements(html, /<style>([\s\S]*?)<\/style>/g)[0] ?? "")).toBe(false);
  });

  test("runs one script and one style, those whose digests its policy names", () => {
    const html = renderHtml(reportNamed("drift-one-case"), detail);
    const policy = elements(html, /http-equiv="Content-Security-Policy" content="([^"]*)"/g)[0] ?? "";
    const scripts = elements(html, /<script>([\s\S]*?)<\/script>/g);
    const styles = elements(html, /<style>([\s\S]*?)<\/style>/g);
    expect([scripts.length, styles.length]).toEqual([1, 1]);
    expect(policy).toContain(`script-src ${hash(scripts[0] ?? "")};`);
    expect(policy).toContain(`style-src ${hash(styles[0] ?? "")};`);
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<s"));
  });

  test("has the answers of a case in a block of its own, by the place of the case", () => {
    const report = reportNamed("drift-one-case");
    const html = renderHtml(report, detail);
    const index = report.cases.findIndex(({ id }) => id === "uk-vs-usa");
    expect(html).toContain(`<script type="text/plain" id="case-${index}">AAAA</script>`);
  });

  const isSafe = (report: Report, text: string) => {
    const hostile = withEveryText(report, text);
    const provenance = [{ label: text, value: text }];
    const html = renderHtml(hostile, { ...noDetail, provenance });
    expect(tags(html)).toBe(tags(renderHtml(report, noDetail)));
    expect(dataOf(html)).toMatchObject({ report: JSON.parse(JSON.stringify(hostile)), provenance });
    expect(Buffer.from(html, "utf8").toString("utf8")).toBe(html);
  };

  test("lets no text of the corpus become markup", () => {
    for (const text of injections)
      for (const name of ["drift-one-case", "error-in-a-case"]) isSafe(reportNamed(name), text);
  });

  test("lets no text become markup, whatever it is", () => {
    fc.assert(
      fc.property(hostileText, (text) => isSafe(reportNamed("drift-one-case"), text)),
      { numRuns: 100 },
    );
  });
});
