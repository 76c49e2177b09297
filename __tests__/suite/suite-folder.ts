/** A temporary folder with suites and locks for tests. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { GateError, type Problem } from "../../src/model/problem.ts";
import type { SamplingSupport } from "../../src/model/sampling-params.ts";
import type { Suite } from "../../src/model/suite.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { loadSuite } from "../../src/suite/load-suite.ts";

export const support: SamplingSupport = {
  fields: ["temperature", "top_p", "top_k", "seed", "max_tokens", "min_tokens", "stop", "logprobs"],
  extra: ["mirostat"],
  tokenIds: true,
};

export interface SuiteFolder {
  /** Absolute path of a new folder with these files. */
  with(files: { readonly [path: string]: string | Uint8Array }): Promise<string>;
  load(files: { readonly [path: string]: string | Uint8Array }, honoured?: SamplingSupport): Promise<Suite>;
}

/** Folders that are gone after the tests of the file. */
export function suiteFolder(): SuiteFolder {
  let base = "";
  let count = 0;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "suite-"));
  });
  afterAll(() => rm(base, { recursive: true }));
  const write: SuiteFolder["with"] = async (files) => {
    count += 1;
    const folder = join(base, String(count));
    for (const [path, data] of Object.entries(files)) await nodeFiles.writeAtomic(join(folder, path), data);
    return folder;
  };
  return {
    with: write,
    load: async (files, honoured = support) =>
      loadSuite(join(await write(files), "suite.yml"), nodeFiles, () => honoured),
  };
}

/** The problems that a promise is rejected with. */
export async function problemsFrom(work: Promise<unknown>): Promise<readonly Problem[]> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof GateError) return failure.problems;
  throw new Error("no problem was reported", { cause: failure });
}
