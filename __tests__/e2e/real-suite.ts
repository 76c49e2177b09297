/** A suite of two short cases in a temporary folder, answered by the real server and the real small model. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { check } from "../../src/commands/check.ts";
import { nodeWorkbench } from "../../src/commands/node-workbench.ts";
import { record } from "../../src/commands/record.ts";
import { transcriptPathFor } from "../../src/commands/work-folder.ts";
import { demoChatTemplates } from "../../src/demo/demo-suite.ts";
import type { RealParts } from "../../src/demo/real-parts.ts";
import type { ProgressEvent } from "../../src/model/progress.ts";
import type { Report } from "../../src/report/report.ts";

/** What a suite says; everything else is fixed. */
export interface SuiteWords {
  /** Lines under `engine:` and `runtime:`. */
  readonly engine: readonly string[];
  readonly model: string;
  /** A YAML flow mapping. */
  readonly sampling: string;
  /** Sampling of the first case alone, as a YAML flow mapping. */
  readonly firstSampling: string;
  readonly tier: string;
}

export interface RealSuite {
  readonly folder: string;
  readonly modelPath: string;
  readonly templatePath: string;
  /** Replaces suite.yml. */
  write(words: SuiteWords): void;
  record(): Promise<Report>;
  check(onProgress?: (event: ProgressEvent) => void): Promise<Report>;
  remove(): void;
}

/** The folder with a model and a chat template of its own, so that a test may change them. */
export function realSuite(parts: RealParts): RealSuite {
  const folder = mkdtempSync(join(tmpdir(), "real-"));
  const path = join(folder, "suite.yml");
  const modelPath = join(folder, "model", basename(parts.modelPath));
  const templatePath = join(folder, "template.jinja");
  mkdirSync(join(folder, "model"));
  copyFileSync(parts.modelPath, modelPath);
  writeFileSync(templatePath, demoChatTemplates.recorded);
  const common = { suitePath: path, cases: [] };
  const bench = (onProgress: (event: ProgressEvent) => void) =>
    nodeWorkbench({ onProgress, signal: new AbortController().signal, env: { INFERENCE_GATE_CACHE: folder } });
  return {
    folder,
    modelPath,
    templatePath,
    write: (words) => writeFileSync(path, suiteText(words)),
    record: () =>
      record(
        {
          ...common,
          mode: "all",
          reason: "test",
          refusedBy: null,
          transcriptPath: transcriptPathFor(path, "record", Date.now()),
        },
        bench(() => {}),
      ),
    check: (onProgress = () => {}) =>
      check(
        { ...common, split: "stop", transcriptPath: transcriptPathFor(path, "check", Date.now()), resume: null },
        bench(onProgress),
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Engine lines that start the real server as a local program. One thread: several wait for each other, very long on a busy machine. */
export function started(parts: RealParts, name: string, args: { readonly [name: string]: unknown }): readonly string[] {
  const given = { "ctx-size": 512, threads: 1, parallel: 1, ...args };
  return [
    "runtime: process",
    "engine:",
    `  name: ${name}`,
    `  command: ${JSON.stringify(parts.serverCommand)}`,
    `  env: ${JSON.stringify(parts.env)}`,
    `  args: ${JSON.stringify(given)}`,
  ];
}

/** Engine lines for a server that the test has started. */
export const attachedAt = (url: string) => ["runtime: attached", `engine: { name: llama-cpp, url: "${url}" }`];

function suiteText({ engine, model, sampling, firstSampling, tier }: SuiteWords): string {
  return [
    "version: 1",
    "name: real",
    ...engine,
    `model: ${model}`,
    `sampling: ${sampling}`,
    `compare: { tier: ${tier} }`,
    "cases:",
    `  - { id: plain, prompt: "The old harbour town woke slowly, and the fishermen", sampling: ${firstSampling} }`,
    `  - { id: chat, messages: [{ role: user, content: "Tell a long story about a lighthouse keeper." }] }`,
    "",
  ].join("\n");
}
