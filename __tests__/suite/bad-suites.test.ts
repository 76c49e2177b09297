import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { GateError, type Problem } from "../../src/model/problem.ts";
import type { SamplingSupport } from "../../src/model/sampling-params.ts";
import { displayPath } from "../../src/platform/display-path.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { loadSuite } from "../../src/suite/load-suite.ts";
import { type BadSuite, badCases, badFields, badSampling, badYaml } from "./bad-suites.ts";

const fields = [
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "seed",
  "max_tokens",
  "min_tokens",
  "stop",
  "logprobs",
] as const;
const support: SamplingSupport = { fields, extra: ["mirostat"], tokenIds: true };

let base = "";
let count = 0;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "bad-suites-"));
});
afterAll(() => rm(base, { recursive: true }));

async function problemsOf({ yaml, files, engineGives }: BadSuite): Promise<readonly string[][]> {
  count += 1;
  const folder = join(base, String(count));
  for (const [path, text] of Object.entries(files ?? {})) await nodeFiles.writeAtomic(join(folder, path), text);
  await nodeFiles.writeAtomic(join(folder, "suite.yml"), yaml);
  const tokenIds = engineGives !== "no ids";
  const failure = await loadSuite(join(folder, "suite.yml"), nodeFiles, () => ({ ...support, tokenIds })).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof GateError)) throw new Error("no problem was reported", { cause: failure });
  expect(failure.verdict).toBe("usage");
  const near = (text: string) => text.replaceAll(`${displayPath(folder)}/`, "");
  return failure.problems.map((problem) => rendered(problem).map(near));
}

function rendered({ code, title, location, found, expected, help }: Problem): string[] {
  const place = [location?.file, location?.line, location?.column].filter((part) => part !== null).join(":");
  return [`${place} ${code}: ${title}`, found ?? "", expected ?? "", ...help];
}

describe("loadSuite reports every mistake at once", () => {
  test.each(badYaml)("YAML: $name", async (bad) => expect(await problemsOf(bad)).toEqual(bad.problems));
  test.each(badFields)("fields: $name", async (bad) => expect(await problemsOf(bad)).toEqual(bad.problems));
  test.each(badSampling)("sampling: $name", async (bad) => expect(await problemsOf(bad)).toEqual(bad.problems));
  test.each(badCases)("cases: $name", async (bad) => expect(await problemsOf(bad)).toEqual(bad.problems));
});
