/**
 * The picture in the README: a real recording and a real failing check of a real small model, its summary as the action writes it, photographed in a
 * headless Chromium. Needs /usr/bin/chromium (or CHROMIUM) and a font with emoji; run it with `node scripts/run.mjs scripts/picture.ts`. With `--keep` only
 * the photograph is taken again, of the summary that was kept.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { marked } from "marked";
import { chromium } from "playwright-core";
import { check } from "../src/commands/check.ts";
import { nodeWorkbench } from "../src/commands/node-workbench.ts";
import { record } from "../src/commands/record.ts";
import { transcriptPathFor } from "../src/commands/work-folder.ts";
import { cacheFolder } from "../src/demo/cache-folder.ts";
import { demoPrompts } from "../src/demo/demo-suite.ts";
import { realParts } from "../src/demo/real-parts.ts";
import type { ProgressEvent } from "../src/model/progress.ts";
import { renderStepSummary, summaryBudget } from "../src/report/render/step-summary.ts";

const images = resolve("docs/images");
const suitePath = join("inference-gate", "suite.yml");
const signal = new AbortController().signal;

const parts = await realParts({
  cache: cacheFolder(process.env),
  platform: `${process.platform}-${process.arch}`,
  env: process.env,
  signal,
  onProgress: (text) => console.error(text),
});

/** `args`: what somebody changes in a pull request. */
const suiteText = (args: string) =>
  [
    "version: 1",
    "name: support-assistant",
    "runtime: process",
    "engine:",
    "  name: llama-cpp",
    `  command: ${JSON.stringify(parts.serverCommand)}`,
    `  env: ${JSON.stringify(parts.env)}`,
    `  args: { ctx-size: 1024, threads: 1, parallel: 1, ${args} }`,
    `model: { name: SmolLM2-135M-Instruct, path: ${JSON.stringify(parts.modelPath)} }`,
    "sampling: { temperature: 0, seed: 42, max_tokens: 160 }",
    "cases:",
    ...demoPrompts.map(
      ({ id, user }) => `  - { id: ${id}, messages: [{ role: user, content: ${JSON.stringify(user)} }] }`,
    ),
    "",
  ].join("\n");

const onProgress = (event: ProgressEvent) => {
  if (event.kind === "case-finished") console.error(`${event.caseId} ${event.verdict}`);
};

async function failingSummary(): Promise<string> {
  mkdirSync("inference-gate");
  const bench = nodeWorkbench({ onProgress, signal, env: process.env });
  const all = { suitePath, cases: [], runtime: null };
  writeFileSync(suitePath, suiteText("cache-type-k: f16"));
  const transcriptPath = transcriptPathFor(suitePath, "record", Date.now());
  const recording = { ...all, mode: "missing", reason: "first recording", refusedBy: null, transcriptPath } as const;
  const recorded = await record(recording, bench);
  if (recorded.verdict !== "match") throw new Error(JSON.stringify(recorded.problems));
  writeFileSync(suitePath, suiteText("cache-type-k: q8_0"));
  const checkTranscript = transcriptPathFor(suitePath, "check", Date.now());
  const report = await check({ ...all, split: "keep-going", transcriptPath: checkTranscript, resume: null }, bench);
  return renderStepSummary(report, {
    budgetBytes: summaryBudget,
    artifact: "inference-gate-report",
    outcome: "fails",
    runUrl: null,
  });
}

/** As a page of GitHub looks: its colours and measures, none of its files. */
const style = `
  body { margin: 0; padding: 24px 32px; width: 920px; background: #fff; color: #1f2328;
    font: 14px/1.5 "Liberation Sans", "DejaVu Sans", "Noto Color Emoji", sans-serif; }
  h2, h3 { line-height: 1.25; margin: 22px 0 14px; padding-bottom: 6px; border-bottom: 1px solid #d1d9e0b3; }
  h2 { font-size: 21px; margin-top: 0; } h3 { font-size: 17px; border: 0; padding: 0; }
  ul, ol { padding-left: 28px; margin: 0 0 14px; } p { margin: 0 0 14px; }
  code { font: 12px "Liberation Mono", "DejaVu Sans Mono", monospace; background: #818b981f; border-radius: 6px; padding: 2px 5px; }
  table { border-collapse: collapse; margin: 0 0 14px; }
  th, td { border: 1px solid #d1d9e0; padding: 6px 12px; text-align: left; vertical-align: top; }
  th, td:nth-child(-n+2):not(:has(strong)) { white-space: nowrap; } td code { overflow-wrap: anywhere; }
  tr:nth-child(even) td { background: #f6f8fa; }
  summary { cursor: pointer; margin: 0 0 14px; } a { color: #0969da; }
`;

async function photograph(markdown: string, file: string): Promise<void> {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage({ viewport: { width: 984, height: 600 }, deviceScaleFactor: 1.25 });
    const html = await marked.parse(markdown, { gfm: true });
    await page.setContent(`<!doctype html><meta charset="utf-8"><style>${style}</style><body>${html}</body>`);
    await page.screenshot({ path: file, fullPage: true });
  } finally {
    await browser.close();
  }
}

const keptSummary = join(images, "failing-summary.md");
const folder = mkdtempSync(join(tmpdir(), "picture-"));
try {
  if (!process.argv.includes("--keep")) {
    process.chdir(folder);
    const summary = await failingSummary();
    mkdirSync(images, { recursive: true });
    writeFileSync(keptSummary, summary);
  }
  await photograph(readFileSync(keptSummary, "utf8"), join(images, "failing-summary.png"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
