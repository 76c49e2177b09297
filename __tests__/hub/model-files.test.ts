import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { hubCacheFolder, isHubName, snapshotFolder } from "../../src/hub/cache-layout.ts";
import { commitOfRef } from "../../src/hub/cached-snapshot.ts";
import { withModelFiles } from "../../src/hub/model-files.ts";
import type { EngineName, Suite } from "../../src/model/suite.ts";
import { suiteOf } from "../engines/sample-suite.ts";
import { problemsFrom } from "../suite/suite-folder.ts";

const commit = "12fd25f77366fa6b3b4b768ec3050bf629380bac";
const other = "0".repeat(40);
let cache = "";
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "hub-cache-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

/** Files as the hub's tools leave them: content under blobs, links in the snapshot. */
function cached(files: { readonly [path: string]: string }, revision = commit): string {
  const folder = snapshotFolder(cache, "org/tiny", revision);
  const blobs = join(dirname(dirname(folder)), "blobs");
  mkdirSync(blobs, { recursive: true });
  for (const [index, [path, text]] of Object.entries(files).entries()) {
    writeFileSync(join(blobs, String(index)), text);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(blobs, String(index)), join(folder, path));
  }
  return folder;
}
const index = JSON.stringify({ weight_map: { a: "model-1.safetensors", b: "model-2.safetensors" } });

function suite(engine: EngineName = "vllm-server", more: Partial<Suite> = {}): Suite {
  const declared = suiteOf({ name: engine });
  const model = { name: "org/tiny", revision: commit, path: null, source: declared.engine.source };
  return { ...declared, model, ...more };
}

describe("a model of the hub", () => {
  test("is the folder of its commit in the cache", async () => {
    const folder = cached({ "config.json": "{}", "model.safetensors": "w" });
    expect((await withModelFiles(suite(), cache)).model).toMatchObject({
      name: "org/tiny",
      revision: commit,
      path: folder,
    });
  });

  test("that is not there is named with the command that fetches it", async () => {
    cached({ "model.safetensors": "w" }, other);
    const [problem] = await problemsFrom(withModelFiles(suite(), cache));
    expect(problem).toMatchObject({ code: "hub/model-not-cached", verdict: "error" });
    expect(problem?.found).toContain(`there is ${other}`);
    expect(problem?.help[0]).toMatch(/inference-gate fetch --suite \S+suite\.yml$/);
  });

  test.each<[string, { [path: string]: string }, string]>([
    [
      "a part that the index names",
      { "model.safetensors.index.json": index, "model-1.safetensors": "w" },
      "model-2.safetensors",
    ],
    ["weights", { "config.json": "{}" }, "any file of weights"],
  ])("without %s is incomplete", async (_, files, missing) => {
    cached(files);
    const [problem] = await problemsFrom(withModelFiles(suite(), cache));
    expect(problem).toMatchObject({ code: "hub/model-incomplete" });
    expect(problem?.found).toContain(missing);
  });

  test("with a link that leads nowhere is incomplete", async () => {
    const folder = cached({ "config.json": "{}", "model.safetensors": "w" });
    rmSync(join(dirname(dirname(folder)), "blobs", "1"));
    const [problem] = await problemsFrom(withModelFiles(suite(), cache));
    expect(problem?.found).toMatch(/without model\.safetensors$/);
  });

  test.each<[string, Suite]>([
    [
      "a local path",
      suite("vllm-server", {
        model: { name: "m", revision: commit, path: "/models/m", source: suite().engine.source },
      }),
    ],
    [
      "no revision",
      suite("vllm-server", { model: { name: "m", revision: null, path: null, source: suite().engine.source } }),
    ],
    ["no model", suite("vllm-server", { model: null })],
    ["a server that somebody else started", suite("vllm-server", { runtime: "attached" })],
    ["a command of the user's", suite("openai")],
    ["a script", suite("scripted")],
  ])("is not looked for with %s", async (_, declared) => {
    expect(await withModelFiles(declared, cache)).toBe(declared);
  });

  test("that could leave the cache is not there", async () => {
    const model = { name: "../../etc", revision: commit, path: null, source: suite().engine.source };
    expect(await problemsFrom(withModelFiles(suite("vllm-server", { model }), cache))).toMatchObject([
      { code: "hub/model-not-cached" },
    ]);
  });
});

test("a branch is the commit that it was when the cache was filled", async () => {
  const folder = cached({ "model.safetensors": "w" });
  const refs = join(dirname(dirname(folder)), "refs");
  mkdirSync(refs);
  writeFileSync(join(refs, "main"), `${commit}\n`);
  writeFileSync(join(refs, "broken"), "x");
  expect(await commitOfRef(cache, "org/tiny", "main")).toBe(commit);
  for (const ref of ["broken", "gone", "../../x", "a".repeat(200)])
    expect(await commitOfRef(cache, "org/tiny", ref)).toBeNull();
});

test.each<[{ [name: string]: string }, string]>([
  [{}, join(homedir(), ".cache/huggingface/hub")],
  [{ XDG_CACHE_HOME: "/x" }, "/x/huggingface/hub"],
  [{ XDG_CACHE_HOME: "/x", HF_HOME: "/h" }, "/h/hub"],
  [{ HF_HOME: "~/h" }, join(homedir(), "h/hub")],
  [{ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old" }, "/old"],
  [{ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old", HF_HUB_CACHE: "/c" }, "/c"],
  [{ HF_HUB_CACHE: "", HF_HOME: "" }, join(homedir(), ".cache/huggingface/hub")],
])("the cache of %j is %s", (env, folder) => {
  expect(hubCacheFolder(env)).toBe(folder);
});

test.each([
  ["org/model", true],
  ["gpt2", true],
  ["meta-llama/Llama-3.1-8B", true],
  ["a/b/c", false],
  ["../x", false],
  ["a/..", false],
  ["a--b", false],
  ["/a", false],
  ["", false],
  ["org/model.git", false],
])("%j is a name of the hub: %s", (name, isOne) => {
  expect(isHubName(name)).toBe(isOne);
});
