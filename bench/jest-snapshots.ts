/** The alternative to a golden: the same completions as jest snapshots, in a project of its own. */
import { spawn } from "node:child_process";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Completion } from "../src/model/completion.ts";

/** Cases a test file, so that jest can hold the text of one snapshot file. */
const casesPerFile = 50;

export interface JestSnapshots {
  /** Adds one case; the completion is what the test will read. */
  add(id: string, completion: Completion): Promise<void>;
  /** Writes the snapshots. */
  record(): Promise<void>;
  /** Milliseconds of a whole run that compares every case. Throws when a comparison fails. */
  check(): Promise<number>;
}

export async function jestSnapshots(folder: string): Promise<JestSnapshots> {
  await mkdir(folder, { recursive: true });
  let count = 0;
  return {
    async add(id, completion) {
      const name = join(folder, `part-${Math.floor(count / casesPerFile)}`);
      if (count % casesPerFile === 0) await writeFile(`${name}.test.cjs`, testSource);
      count += 1;
      await appendFile(`${name}.jsonl`, `${JSON.stringify({ id, completion: plain(completion) })}\n`);
    },
    async record() {
      await runJest(folder, ["--update-snapshot"]);
    },
    async check() {
      const start = performance.now();
      await runJest(folder, ["--ci"]);
      return performance.now() - start;
    },
  };
}

const testSource = `
const { readFileSync } = require("node:fs");
const lines = readFileSync(__filename.replace(".test.cjs", ".jsonl"), "utf8").trimEnd().split("\\n");
for (const line of lines) {
  const { id, completion } = JSON.parse(line);
  test(id, () => expect(completion).toMatchSnapshot());
}
`;

const plain = (completion: Completion) => ({
  promptTokenIds: [...(completion.promptTokenIds ?? [])],
  tokenIds: [...(completion.tokenIds ?? [])],
  logprobs: [...(completion.logprobs ?? [])],
  margins: [...(completion.margins ?? [])],
  text: completion.text.split("\n"),
  finishReason: completion.finishReason,
});

async function runJest(folder: string, args: readonly string[]): Promise<void> {
  const config = {
    testMatch: ["**/*.test.cjs"],
    transform: {},
    cacheDirectory: join(folder, ".cache"),
    testTimeout: 600_000,
  };
  const jest = [resolve("node_modules/jest/bin/jest.js"), "--rootDir", folder, "--config", JSON.stringify(config)];
  const child = spawn(process.execPath, [...jest, "--runInBand", "--silent", "--reporters", "default", ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const tail: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => tail.push(text));
  const code = await new Promise((done, fail) => child.on("error", fail).on("close", done));
  if (code !== 0) throw new Error(`jest ended with ${code}:\n${tail.join("").slice(-2000)}`);
}
