/** The HTML report for everybody: every kind of run, on a phone, on paper, in both colours, and by the keyboard alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { noDetail } from "../../src/report/detail.ts";
import { renderHtml } from "../../src/report/html/page.ts";
import { reportNamed, sampleNames } from "../report/sample-reports.ts";
import { type Browser, type Look, startBrowser } from "./browser.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { script, writeSuite } from "./words-suite.ts";

/** Runs in the page. */
const faintTexts = readFileSync("__tests__/fixtures/programs/faint-texts.js", "utf8");

let gate: Gate;
let browser: Browser;
let recorded: Place;
let folder: string;

beforeAll(async () => {
  browser = await startBrowser();
  folder = mkdtempSync(join(tmpdir(), "gate-pages-"));
  gate = buildGate();
  recorded = gate.place();
  writeSuite(recorded);
  const { code, text } = await recorded.run(["record"]);
  if (code !== 0) throw new Error(text);
}, 300_000);

afterAll(async () => {
  await browser.close();
  gate.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function sample(name: string, look: Look): Promise<Page> {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, renderHtml(reportNamed(name), noDetail));
  const page = await browser.open(file, look);
  await page.locator("main").waitFor();
  return page;
}

async function drifted(look: Look = {}): Promise<Page> {
  const place = gate.place(recorded);
  script(place, ["alpha: { generate: { change_at: 7 } }"]);
  await place.run(["check", "--keep-going", "--html", "report.html"]);
  const page = await browser.open(join(place.folder, "report.html"), look);
  await page.locator(".tokens .split").first().waitFor();
  return page;
}

const focused = (page: Page) =>
  page.evaluate<string>("document.activeElement.className || document.activeElement.tagName");

describe.each(sampleNames)("the page of %s", (name) => {
  test.each([
    { colorScheme: "light", width: 360, height: 740 },
    { colorScheme: "dark", width: 1400, height: 900 },
  ] as const)("fits into $width pixels and is readable in $colorScheme, in whole", async (look) => {
    const page = await sample(name, look);
    for (const one of await page.locator("summary").all()) await one.click();
    for (const one of await page.locator(".filter").all()) await one.click();
    await page.keyboard.press("?");
    expect(await page.evaluate(faintTexts)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(look.width);
    await page.close();
  });
});

describe("on paper", () => {
  test("a page of dark colours is printed in light ones, and without what can only be clicked", async () => {
    const page = await drifted({ colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(await page.evaluate(faintTexts)).toEqual([]);
    expect(await page.getByRole("button", { name: "? Keys" }).isVisible()).toBe(false);
    expect(await page.getByRole("searchbox").isVisible()).toBe(false);
    expect(await page.locator(".tokens .split").first().isVisible()).toBe(true);
    await page.close();
  });
});

describe("the Tab key", () => {
  test("stops once at the list of cases, whose arrows go from case to case", async () => {
    const page = await drifted();
    await page.getByRole("searchbox").focus();
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus .case-id").textContent()).toBe("alpha");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "match beta" }).waitFor();
    expect(await page.getByText("beta, match").textContent()).toBe("beta, match");
    await page.keyboard.press("End");
    expect(await page.locator(":focus .case-id").textContent()).toBe("gamma");
    await page.locator(".tokens").waitFor();
    await page.keyboard.press("Tab");
    expect(await focused(page)).toContain("tokens");
    await page.close();
  });

  test("finds a case also when the filters have hidden the one that is open", async () => {
    const page = await drifted();
    await page
      .getByRole("button", { name: /^match/ })
      .first()
      .click();
    await page.getByRole("searchbox").focus();
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus .case-id").textContent()).toBe("beta");
    await page.close();
  });

  test("shows where it stands, at every stop", async () => {
    const page = await drifted();
    const stops = new Set<string>();
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press("Tab");
      const [name, outline] = await page.evaluate<[string, string]>(
        "[document.activeElement.className || document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]",
      );
      if (name === "BODY") break;
      expect([name, outline]).toEqual([name, "solid"]);
      stops.add(name);
    }
    expect([...stops]).toEqual(
      expect.arrayContaining(["skip", "theme", "filter v-drift", "INPUT", "case-row", "SELECT"]),
    );
    await page.close();
  });
});

describe("keys of one letter", () => {
  test("act no more once they were switched off, and stay so", async () => {
    const page = await drifted();
    await page.keyboard.press("?");
    await page.getByRole("checkbox", { name: "Letters act" }).uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.reload();
    await page.locator(".tokens .split").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").isVisible()).toBe(false);
    expect(await page.locator(".case-panel h3").textContent()).toMatch(/alpha/);
    await page.getByRole("button", { name: "? Keys" }).click();
    await page.getByRole("checkbox", { name: "Letters act" }).check();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "match beta" }).waitFor();
    await page.close();
  });
});

test("what is told of a token goes away by Escape, and when the answers are left", async () => {
  const page = await drifted();
  const tip = page.locator(".tip");
  await page.locator(".tokens").focus();
  await page.keyboard.press("ArrowRight");
  await tip.waitFor();
  await page.keyboard.press("Escape");
  expect(await tip.isVisible()).toBe(false);
  await page.keyboard.press("ArrowRight");
  await tip.waitFor();
  await page.keyboard.press("Shift+Tab");
  expect(await tip.isVisible()).toBe(false);
  await page.close();
});

test("a case that is asked otherwise is told of where nothing that was measured has changed", async () => {
  const report = reportNamed("drift-one-case");
  const [first, ...rest] = report.cases;
  if (first === undefined) throw new Error("no case");
  const file = join(folder, "asked-otherwise.html");
  const cases = [{ ...first, contractChanges: ["sampling.temperature 0 → 1"] }, ...rest];
  writeFileSync(file, renderHtml({ ...report, cases }, noDetail));
  const page = await browser.open(file);
  await page.getByText("Nothing that was measured has changed; what is asked has:").waitFor();
  await page.getByText(`${first.id}: sampling.temperature 0 → 1`).waitFor();
  await page.close();
});

test("no page asked the network for anything, broke its policy or threw", () => {
  expect(browser.complaints).toEqual([]);
});
