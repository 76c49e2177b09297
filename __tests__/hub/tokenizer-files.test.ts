import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { snapshotFolder } from "../../src/hub/cache-layout.ts";
import { withTokenizerFiles } from "../../src/hub/tokenizer-files.ts";
import type { EngineName, Suite } from "../../src/model/suite.ts";
import { suiteOf } from "../engines/sample-suite.ts";
import { problemsFrom } from "../suite/suite-folder.ts";

const commit = "12fd25f77366fa6b3b4b768ec3050bf629380bac";
let cache = "";
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "hub-tokenizer-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

/** A repository with a tokenizer and no weights, as the hub's tools leave it. */
function cached(): string {
  const folder = snapshotFolder(cache, "org/tok", commit);
  const blobs = join(dirname(dirname(folder)), "blobs");
  for (const one of [folder, blobs]) mkdirSync(one, { recursive: true });
  writeFileSync(join(blobs, "1"), "{}");
  symlinkSync(join(blobs, "1"), join(folder, "tokenizer.json"));
  return folder;
}

const suite = (args: Suite["engine"]["args"], name: EngineName = "vllm", more: Partial<Suite> = {}) =>
  suiteOf({ name, args }, more);
const named = { tokenizer: "org/tok", tokenizer_revision: commit, dtype: "bfloat16" };

describe("a tokenizer of its own repository", () => {
  test.each<[EngineName, Suite["engine"]["args"]]>([
    ["vllm", named],
    ["transformers", named],
    ["vllm-server", { "--tokenizer": "org/tok", "tokenizer-revision": commit, dtype: "bfloat16" }],
  ])("is the folder of its commit in the cache, for %s", async (name, args) => {
    const folder = cached();
    const { engine } = await withTokenizerFiles(suite(args, name), cache);
    expect(engine.args).toEqual({ dtype: "bfloat16", tokenizer: folder });
  });

  test("that is not there is named with the command that fetches it", async () => {
    const [problem] = await problemsFrom(withTokenizerFiles(suite(named), cache));
    expect([problem?.code, problem?.verdict]).toEqual(["hub/tokenizer-not-cached", "error"]);
    expect(problem?.found).toContain(`no org/tok at ${commit} in `);
    expect(problem?.help[0]).toContain(`inference-gate fetch --model org/tok --revision ${commit}`);
  });

  test("of which a file is gone is named by that file", async () => {
    const folder = cached();
    rmSync(join(dirname(dirname(folder)), "blobs", "1"));
    const [problem] = await problemsFrom(withTokenizerFiles(suite(named), cache));
    expect(problem?.found).toContain("no tokenizer.json in ");
  });
});

test.each<[string, Suite]>([
  ["the model's own", suite({ dtype: "bfloat16" })],
  ["a path", suite({ tokenizer: "./tok", tokenizer_revision: commit })],
  ["a name that moves, which the engine refuses", suite({ tokenizer: "org/tok" })],
  ["that of a server that somebody else started", suite(named, "vllm-server", { runtime: "attached" })],
  ["that of an engine that reads no such option", suite(named, "llama-cpp")],
])("%s is left as it is", async (_, declared) => {
  expect(await withTokenizerFiles(declared, cache)).toBe(declared);
});
