/** The line that ends `.ci/run` counts every test and every step, and never calls nothing a success. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function summary(files: { readonly [name: string]: string }): {
  readonly last: string | undefined;
  readonly code: number | null;
} {
  const folder = mkdtempSync(join(tmpdir(), "ci-summary-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const done = spawnSync(process.execPath, ["scripts/ci-summary.mjs", folder], { encoding: "utf8" });
  return { last: done.stdout.trim().split("\n").at(-1), code: done.status };
}

const jest = (numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites = 0) =>
  JSON.stringify({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites });

describe("the last line of .ci/run", () => {
  test.each<[string, { readonly [name: string]: string }, string, number]>([
    [
      "sums all runs and steps",
      { "unit.json": jest(10, 0), "e2e.json": jest(3, 0), "steps.tsv": "passed\tlint\n" },
      "14 passed, 0 failed",
      0,
    ],
    ["a failing test", { "unit.json": jest(10, 2), "steps.tsv": "failed\tunit\n" }, "10 passed, 3 failed", 1],
    [
      "a failing step",
      { "unit.json": jest(10, 0), "steps.tsv": "passed\tunit\nfailed\tlint\n" },
      "11 passed, 1 failed",
      1,
    ],
    [
      "a test file that cannot be loaded",
      { "unit.json": jest(10, 0, 1), "steps.tsv": "passed\tunit\n" },
      "11 passed, 1 failed",
      1,
    ],
    ["nothing at all", {}, "0 passed, 1 failed", 1],
  ])("%s", (_name, files, last, code) => {
    expect(summary(files)).toEqual({ last, code });
  });
});
