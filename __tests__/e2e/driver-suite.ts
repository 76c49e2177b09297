/** A suite for the engines that our drivers run, in a temporary folder with a copy of the small random model that a test may change. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../src/commands/check.ts";
import { nodeWorkbench } from "../../src/commands/node-workbench.ts";
import { record } from "../../src/commands/record.ts";
import { transcriptPathFor } from "../../src/commands/work-folder.ts";
import type { ProgressEvent } from "../../src/model/progress.ts";
import type { Report } from "../../src/report/report.ts";
import type { RealVllm } from "./real-vllm.ts";

/** Parts of suite.yml; each a YAML flow value. */
export interface DriverWords {
  /** Lines of the suite in place of `runtime: process`. */
  readonly runtime?: readonly string[];
  /** Revision of the model in the hub's cache; without it the model is the copy in the folder. */
  readonly revision?: string;
  /** In place of the environment's interpreter. */
  readonly command?: readonly string[];
  readonly args: object;
  readonly env: object;
  readonly determinism: object;
  readonly sampling: object;
  /** Sampling of one case alone, by the id of the case. */
  readonly own: { readonly [id: string]: object };
  readonly stopSeconds: number;
}

export interface DriverSuite {
  readonly folder: string;
  /** The copy of the model. */
  readonly model: string;
  /** Where the hub's cache of the suite has the model at a revision. */
  snapshot(revision: string): string;
  /** Replaces suite.yml. */
  write(changed?: Partial<DriverWords>): void;
  record(): Promise<Report>;
  check(onProgress?: (event: ProgressEvent) => void): Promise<Report>;
  remove(): void;
}

const hubName = "gate/tiny";

const texts: { readonly [id: string]: string } = {
  drawn: "The old harbour town woke slowly, and the fishermen",
  likeliest: "A lighthouse keeper writes",
  short: "Seven gulls",
};

/** Cases `drawn` (temperature 0.8), `likeliest` (temperature 0), `short` and `chat`, all with ids and log-probabilities on tier `bits`. */
export function driverSuite(
  engine: "vllm" | "vllm-server" | "transformers",
  vllm: RealVllm,
  words: DriverWords,
): DriverSuite {
  const folder = mkdtempSync(join(tmpdir(), `${engine}-`));
  const path = join(folder, "suite.yml");
  const model = join(folder, "model");
  cpSync(vllm.tiny, model, { recursive: true });
  const hub = join(folder, "hub");
  const common = { suitePath: path, cases: [] };
  const bench = (onProgress: (event: ProgressEvent) => void) =>
    nodeWorkbench({
      onProgress,
      signal: new AbortController().signal,
      env: { INFERENCE_GATE_CACHE: join(folder, "cache"), HF_HUB_CACHE: hub },
    });
  const suite: DriverSuite = {
    folder,
    model,
    snapshot: (revision) => join(hub, `models--${hubName.replace("/", "--")}`, "snapshots", revision),
    write: (changed = {}) => writeFileSync(path, suiteText(engine, vllm.python, { ...words, ...changed })),
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
  suite.write();
  return suite;
}

function suiteText(engine: string, python: string, words: DriverWords): string {
  const own = (id: string) => JSON.stringify(words.own[id] ?? {});
  return [
    "version: 1",
    "name: drivers",
    ...(words.runtime ?? ["runtime: process"]),
    `engine: { name: ${engine}, command: ${JSON.stringify(words.command ?? [python])}, args: ${JSON.stringify(words.args)}, env: ${JSON.stringify(words.env)} }`,
    words.revision === undefined
      ? "model: { name: tiny, path: model }"
      : `model: { name: ${hubName}, revision: "${words.revision}" }`,
    `determinism: ${JSON.stringify(words.determinism)}`,
    `sampling: ${JSON.stringify(words.sampling)}`,
    "compare: { tier: bits }",
    `timeouts: { stop_s: ${words.stopSeconds} }`,
    "cases:",
    ...Object.entries(texts).map(
      ([id, text]) => `  - { id: ${id}, prompt: ${JSON.stringify(text)}, sampling: ${own(id)} }`,
    ),
    `  - { id: chat, messages: [{ role: user, content: Hello! }], sampling: ${own("chat")} }`,
    "",
  ].join("\n");
}

/** Changes the sign of every value in one tensor of a safetensors file; name, shape and size stay. */
export function negateTensor(file: string, tensor: string): void {
  const bytes = readFileSync(file);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + headerBytes).toString("utf8"));
  const [from, to] = header[tensor].data_offsets;
  for (let at = 8 + headerBytes + from + 1; at < 8 + headerBytes + to; at += 2) bytes[at] = (bytes[at] ?? 0) ^ 0x80;
  writeFileSync(file, bytes);
}

/** Text of a file with one place changed; throws where it is not there. */
export function changeText(file: string, from: string, to: string): () => void {
  const before = readFileSync(file, "utf8");
  if (!before.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(file, before.replace(from, to));
  return () => writeFileSync(file, before);
}

/** `id verdict` of every case. */
export const verdicts = (report: Report) => report.cases.map(({ id, verdict }) => `${id} ${verdict}`);

/** Everything that the report says was changed and that breaks the comparison. */
export const changes = (report: Report) => [
  ...report.environment.changes.filter(({ weight }) => weight === "breaking").map(({ key }) => key),
  ...report.environment.contractChanges,
  ...report.cases.flatMap((one) => one.contractChanges.map((change) => `${one.id}: ${change}`)),
];
