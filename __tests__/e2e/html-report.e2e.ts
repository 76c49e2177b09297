/** The HTML report in a real browser: written by the real command, read and used as a person would. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { injections } from "../report/hostile-report.ts";
import { type Browser, startBrowser } from "./browser.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { files, script, suiteText, writeSuite } from "./words-suite.ts";

/** Runs in the page. */
const faintTexts = readFileSync("__tests__/fixtures/programs/faint-texts.js", "utf8");

let gate: Gate;
let browser: Browser;
let recorded: Place;

beforeAll(async () => {
  browser = await startBrowser();
  gate = buildGate();
  recorded = gate.place();
  writeSuite(recorded);
  const { code, text } = await recorded.run(["record"]);
  if (code !== 0) throw new Error(text);
}, 300_000);

afterAll(async () => {
  await browser.close();
  gate.remove();
});

/** Checks with what the script says and opens the page. */
async function checked(cases: readonly string[], options: readonly string[] = [], look = {}): Promise<Page> {
  const place = gate.place(recorded);
  script(place, cases);
  const { err } = await place.run(["check", "--html", "out/report.html", ...options]);
  expect(err).not.toContain("could not be written");
  return browser.open(join(place.folder, "out/report.html"), look);
}

const rows = (page: Page) => page.locator(".case-rows li:visible .case-id");
const panelTitle = (page: Page) => page.locator(".case-panel h3");
/** The text as it is laid out. */
const seen = async (locator: Locator) => (await locator.first().allInnerTexts())[0] ?? "";
const isInMiddle = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const box = element.closest(".tokens")?.getBoundingClientRect();
      const at = element.getBoundingClientRect();
      return box !== undefined && at.top > box.top && at.bottom < box.bottom;
    });

describe("a drift", () => {
  const drifted = () => checked(["alpha: { generate: { change_at: 7 } }"], ["--keep-going"]);

  test("shows verdict, next steps and cases; the first case that matters is open", async () => {
    const page = await drifted();
    expect(await seen(page.locator("h1"))).toMatch(/DRIFT/);
    expect(await page.title()).toBe("drift · words");
    expect(await page.getByText("1 of 3 cases differs from its golden.").isVisible()).toBe(true);
    expect(await seen(page.locator(".next code").first())).toBe("inference-gate explain alpha");
    expect(await rows(page).allInnerTexts()).toEqual(["alpha", "beta", "gamma"]);
    expect(await seen(panelTitle(page))).toMatch(/drift\s+alpha/);
    await page.close();
  });

  test("stands side by side, level up to the divergence, which is marked on both sides and in view", async () => {
    const page = await drifted();
    await page.locator(".tokens .split").first().waitFor();
    expect(await page.locator(".sides b").allInnerTexts()).toEqual(["expected (golden) 24 tokens", "actual 24 tokens"]);
    expect(await page.locator(".tokens .split").count()).toBe(2);
    const [left, right] = await page.locator(".tokens .split").allInnerTexts();
    expect(left).not.toBe(right);
    expect(await page.locator(".tokens .other").count()).toBe(2 * (24 - 7));
    expect(await isInMiddle(page, ".tokens .split")).toBe(true);
    expect(await page.locator("svg.plot").getAttribute("aria-label")).toContain("the answers part at token 7");
    expect(await seen(page.locator(".split-key"))).toBe("first divergence at token 7");
    expect(await seen(page.locator("figcaption"))).toContain("log-probabilities before it are equal, bit for bit");
    await page.close();
  });

  test("that was stopped at its split says so, and does not look as if it had ended", async () => {
    const page = await checked(["alpha: { generate: { change_at: 7 } }"]);
    await page.locator(".tokens .split").first().waitFor();
    expect(await page.locator(".tokens i").allInnerTexts()).toEqual(["(stopped at the split)"]);
    await page.close();
  });

  test("tells of the token under the pointer its id, log-probability and margin on both sides", async () => {
    const page = await drifted();
    await page.locator(".tokens .split").first().hover();
    const tip = page.locator(".tip");
    expect(await seen(tip)).toMatch(/token 7/);
    expect(await tip.locator("tbody th").allInnerTexts()).toEqual(["text", "id", "log-probability", "margin"]);
    expect(await tip.locator("tbody tr").nth(2).locator("td").allInnerTexts()).toEqual([
      expect.stringMatching(/^-\d+\.\d{4} \(.* %\)$/),
      expect.stringMatching(/^-\d+\.\d{4} \(.* %\)$/),
    ]);
    await page.close();
  });
});

describe("finding one's way", () => {
  test("by verdict and by text", async () => {
    const page = await checked(["alpha: { generate: { change_at: 7 } }"]);
    await page
      .getByRole("button", { name: /^match/ })
      .first()
      .click();
    expect(await rows(page).allInnerTexts()).toEqual(["beta", "gamma"]);
    expect(await seen(page.getByRole("status").first())).toBe("2 of 3 cases");
    await page.getByRole("searchbox").fill("GAM");
    expect(await rows(page).allInnerTexts()).toEqual(["gamma"]);
    await page.close();
  });

  test("by keys alone", async () => {
    const page = await checked(["alpha: { generate: { change_at: 7 } }"], ["--keep-going"]);
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "match beta" }).waitFor();
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "match gamma" }).waitFor();
    expect(page.url()).toMatch(/#case=gamma$/);
    await page.keyboard.press("k");
    await page.getByRole("heading", { name: "match beta" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("alp");
    expect(await rows(page).allInnerTexts()).toEqual(["alpha"]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "drift alpha" }).waitFor();
    await page.locator(".tokens").focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText("token 8", { exact: true }).waitFor();
    expect(await page.locator(".tokens .selected").count()).toBe(2);
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").isVisible()).toBe(false);
    await page.close();
  });

  test("by an address that names the case", async () => {
    const page = await checked(["alpha: { generate: { change_at: 7 } }"]);
    await page.goto(`${page.url().split("#")[0]}#case=gamma`);
    await page.getByRole("heading", { name: "match gamma" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "match gamma" }).waitFor();
    await page.close();
  });
});

describe("colours", () => {
  const background = (page: Page) => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");

  test("follow the system, and a switch that goes round", async () => {
    const light = await checked([]);
    const dark = await checked([], [], { colorScheme: "dark" });
    expect(await background(light)).toBe("rgb(255, 255, 255)");
    expect(await background(dark)).not.toBe("rgb(255, 255, 255)");
    await dark.keyboard.press("t");
    expect(await background(dark)).toBe("rgb(255, 255, 255)");
    await light.close();
    await dark.close();
  });

  test.each(["light", "dark"] as const)("of text are readable in %s", async (colorScheme) => {
    const page = await checked(["alpha: { generate: { change_at: 7 } }"], ["--keep-going"], { colorScheme });
    await page.locator(".tokens .split").first().waitFor();
    expect(await page.evaluate(faintTexts)).toEqual([]);
    await page.close();
  });

  test("a narrow screen needs no scrolling sideways", async () => {
    const page = await checked(["alpha: { generate: { change_at: 7 } }"], ["--keep-going"], { width: 380 });
    await page.locator(".tokens .split").first().waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(380);
    await page.close();
  });
});

describe("other runs", () => {
  test("an engine that disagrees with itself: its answers side by side, chosen at will", async () => {
    const page = await checked(
      ["alpha: { generate: { change_at: 7 }, on_call: { 2: { generate: { change_at: 9 } } } }"],
      ["--keep-going"],
    );
    expect(await seen(page.locator("h1"))).toMatch(/UNSTABLE/);
    const [left, right] = [page.getByLabel("Left answer"), page.getByLabel("Right answer")];
    expect(await seen(left.locator("option:checked"))).toBe("actual");
    expect(await seen(right.locator("option:checked"))).toMatch(/asked again/);
    expect((await page.locator(".key").allInnerTexts()).slice(0, 2)).toEqual(["actual", "actual, asked again (2)"]);
    await left.selectOption("0");
    expect(await seen(page.locator(".sides b").first())).toMatch(/expected \(golden\)/);
    await page.close();
  });

  test("a recording whose repeats disagree: two that differ, by launch and number", async () => {
    const place = gate.place();
    writeSuite(place, ["alpha: { generate: {}, on_launch: { 2: { generate: { change_at: 9 } } } }"]);
    await place.run(["record", "--html", "report.html"]);
    const page = await browser.open(join(place.folder, "report.html"));
    await page.locator(".tokens .split").first().waitFor();
    expect(await seen(page.locator("h1"))).toMatch(/UNSTABLE/);
    expect((await page.locator(".sides b").allInnerTexts()).map((text) => text.replace(/ \d+ tokens$/, ""))).toEqual([
      "launch 1, answer 2",
      "launch 2, answer 1",
    ]);
    expect(await seen(page.locator(".split-key"))).toBe("first divergence at token 9");
    await page.close();
  });

  test("a match: one column, since both answers are equal", async () => {
    const page = await checked([]);
    expect(await seen(page.locator(".sides b"))).toBe("expected (golden) and actual are equal 24 tokens");
    expect(await page.locator(".tokens .split").count()).toBe(0);
    expect(await page.getByText("Nothing to do.").isVisible()).toBe(true);
    await page.close();
  });

  test("a resumed check shows the answers that it took from the killed one", async () => {
    const place = gate.place(recorded);
    script(place, ["gamma: { crash_at: { token: 3 } }"]);
    await place.run(["check", "--transcript", "first.jsonl"]);
    script(place, []);
    await place.run(["check", "--resume", "first.jsonl", "--html", "report.html"]);
    const page = await browser.open(join(place.folder, "report.html"));
    await page.getByRole("button", { name: "match alpha" }).click();
    expect(await seen(page.locator(".sides b"))).toMatch(/expected \(golden\) and actual are equal/);
    await page.close();
  });

  test("a suite that asks otherwise: what is asked, and that nothing measured has changed", async () => {
    const place = gate.place(recorded);
    place.write(files.suite, suiteText.replace("seed: 1", "seed: 2"));
    await place.run(["check", "--html", "out/report.html"]);
    const page = await browser.open(join(place.folder, "out/report.html"), {});
    const section = await seen(page.locator("section[aria-labelledby=environment]"));
    expect(section).toContain("Nothing that was measured has changed; what is asked has:");
    expect(section).toContain("in 3 cases: sampling.seed 1 → 2");
    expect(section).not.toContain("Nothing changed since");
    await page.close();
  });

  test("what could not run: the problem, and no case", async () => {
    const place = gate.place(recorded);
    place.write(files.script, "version: 1\nstart: { fail: { exit_code: 3, stderr: [no device] } }\n");
    await place.run(["check", "--html", "report.html"]);
    const page = await browser.open(join(place.folder, "report.html"));
    expect(await seen(page.locator("h1"))).toMatch(/ERROR/);
    expect(await seen(page.locator(".problem").first())).toContain("no device");
    expect(await page.getByText("No case was run.").isVisible()).toBe(true);
    await page.close();
  });

  test("a redacted suite: digests only, and nothing of prompt or answer in the file", async () => {
    const place = gate.place();
    writeSuite(place, [], `${suiteText}redact: true\n`);
    await place.run(["record"]);
    script(place, ["alpha: { text: a secret answer }"]);
    await place.run(["check", "--html", "report.html"]);
    const page = await browser.open(join(place.folder, "report.html"));
    expect(await seen(page.locator(".digests"))).toMatch(/text\s+sha256:[0-9a-f]{64}\s+sha256:[0-9a-f]{64}\s+differs/);
    expect(await page.content()).not.toMatch(/secret|Say alpha/);
    await page.close();
  });

  test("explain --html writes the last run again, and refuses what is about no run", async () => {
    const place = gate.place(recorded);
    script(place, ["alpha: { generate: { change_at: 7 } }"]);
    await place.run(["check"]);
    const { code } = await place.run([
      "explain",
      "inference-gate/.inference-gate/report.json",
      "--html",
      "report.html",
    ]);
    expect(code).toBe(0);
    const page = await browser.open(join(place.folder, "report.html"));
    await page.locator(".tokens .split").first().waitFor();
    await page.close();
    const refused = await place.run(["explain", "drift", "--html", "other.html"]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("[commands/no-page]")]);
  });
});

describe("hostile answers", () => {
  test("are shown as text, whatever they hold: nothing runs, nothing is fetched, nothing is hidden", async () => {
    const tokens = (texts: readonly string[]) =>
      texts.map((text, index) => ({ id: index, text, logprob: -0.5, margin: 1 }));
    const place = gate.place();
    writeSuite(place, [`alpha: ${JSON.stringify({ tokens: tokens(["start ", ...injections]) })}`]);
    await place.run(["record"]);
    script(place, [`alpha: ${JSON.stringify({ tokens: tokens(["start ", ...[...injections].reverse()]) })}`]);
    await place.run(["check", "--keep-going", "--html", "report.html"]);
    const page = await browser.open(join(place.folder, "report.html"));
    await page.locator(".tokens .split").first().waitFor();
    const shown = await seen(page.locator(".tokens"));
    expect(shown).toContain("<script>globalThis.owned = 1</script>");
    expect(shown).toContain("</script><script>globalThis.owned = 1</script><!--");
    expect(shown).toContain("<img src=x onerror='globalThis.owned = 1'>");
    expect(shown).toContain("safe\\u{202e}gnp.exe");
    expect(shown).toContain("␛[2J");
    expect(shown).toContain("nul␀");
    expect(await page.evaluate(() => "owned" in globalThis)).toBe(false);
    expect(await page.locator("iframe, img, svg[onload], base, form, style:not(head style)").count()).toBe(0);
    await page.close();
  });
});

test("no page asked the network for anything, broke its policy or threw", () => {
  expect(browser.complaints).toEqual([]);
});
