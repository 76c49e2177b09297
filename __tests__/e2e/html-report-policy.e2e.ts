/** The policy that the HTML report carries, tried out: if anything of ours let a text become more than text, the browser would still refuse it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { noDetail } from "../../src/report/detail.ts";
import { renderHtml } from "../../src/report/html/page.ts";
import { reportNamed } from "../report/sample-reports.ts";
import { type Browser, startBrowser } from "./browser.ts";

let browser: Browser;
let folder: string;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
  folder = mkdtempSync(join(tmpdir(), "gate-policy-"));
  const file = join(folder, "report.html");
  writeFileSync(file, renderHtml(reportNamed("drift-one-case"), noDetail));
  page = await browser.open(file);
}, 300_000);
beforeEach(async () => {
  await page.reload();
  await page.locator("main").waitFor();
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each runs in the page, where it sets `owned` if it is let. */
const attempts: readonly (readonly [string, string])[] = [
  ["a handler in an attribute", 'document.body.setAttribute("onclick", "globalThis.owned = 1"); document.body.click()'],
  ["markup made of text", "document.body.innerHTML += \"<img src=x onerror='globalThis.owned = 1'>\""],
  ["markup written", 'document.write("<script>globalThis.owned = 1</script>")'],
  ["a script with a text", 'const s = document.createElement("script"); s.text = "owned = 1"; document.body.append(s)'],
  [
    "a script from a data address",
    'const s = document.createElement("script"); s.src = "data:,owned=1"; document.body.append(s)',
  ],
  ["a text that is run later", 'setTimeout("globalThis.owned = 1")'],
  [
    "an address that is a script",
    'const a = document.createElement("a"); a.href = "javascript:owned = 1"; document.body.append(a); a.click()',
  ],
  [
    "a frame",
    'const f = document.createElement("iframe"); f.srcdoc = "<script>parent.owned = 1</script>"; document.body.append(f)',
  ],
];

/** What the browser refused: the directive of the policy that was broken, or `thrown`. Waits for the browser's word, without which a test times out. */
const refusalOf = (attempt: string) =>
  page.evaluate<string>(`new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
    (async () => { ${attempt} })().catch(() => resolve("thrown"));
  })`);

test.each(attempts)("refuses %s", async (_, attempt) => {
  expect(await refusalOf(attempt)).toMatch(/^(?:script-src(?:-elem|-attr)?|require-trusted-types-for|thrown)$/);
  expect(await page.evaluate("'owned' in globalThis")).toBe(false);
});

const requests: readonly (readonly [string, string])[] = [
  ["a request", 'fetch("http://127.0.0.1:9/")'],
  ["a beacon", 'navigator.sendBeacon("http://127.0.0.1:9/", "x")'],
  ["a socket", 'new WebSocket("ws://127.0.0.1:9/")'],
  ["a picture", 'new Image().src = "http://127.0.0.1:9/x.png"'],
  [
    "a style sheet",
    'const l = document.createElement("link"); l.rel = "stylesheet"; l.href = "http://127.0.0.1:9/"; document.head.append(l)',
  ],
];

test.each(requests)("lets %s go nowhere", async (_, attempt) => {
  expect(await refusalOf(attempt)).toMatch(/^(?:connect-src|img-src|style-src-elem)$/);
});

test("forbids a style in an attribute, which could hide what is said", async () => {
  const display = await page.evaluate<string>(
    '(() => { const e = document.createElement("p"); e.setAttribute("style", "display: none"); document.body.append(e); return getComputedStyle(e).display })()',
  );
  expect(display).toBe("block");
});
