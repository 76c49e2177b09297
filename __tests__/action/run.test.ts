import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parseInputs } from "../../src/action/parse-inputs.ts";
import { run } from "../../src/action/run.ts";
import { nodeWorkbench } from "../../src/commands/node-workbench.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const home = process.cwd();
let root = "";

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "action-run-")));
});
afterEach(() => {
  process.chdir(home);
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

function runWith(given: { readonly [name: string]: string }, more: { readonly [name: string]: string } = {}) {
  const env = { HOME: root, PATH: process.env.PATH, ...more };
  const bench = nodeWorkbench({ env, signal: new AbortController().signal, onProgress: () => {} });
  return run(parseInputs(JSON.stringify(given)), root, env, bench);
}

describe("a run of the action", () => {
  test("looks models up in the cache that hf-cache names", async () => {
    write(
      "models/gate.yml",
      "version: 1\nruntime: process\nengine: { name: vllm }\nmodel: { name: org/model, revision: main }\n" +
        "sampling: { temperature: 0, seed: 1, max_tokens: 8 }\ncases: [{ id: a, prompt: b }]\n",
    );
    write("cache/models--org--model/refs/main", commit);
    const asked = { "working-directory": "models", suite: "gate.yml", "hf-cache": "cache" };
    expect(JSON.stringify((await runWith(asked)).problems)).toContain(commit);
    process.chdir(home);
    expect(JSON.stringify((await runWith({ ...asked, "hf-cache": "" })).problems)).not.toContain(commit);
  });

  test("that is not admitted touches nothing and says why", async () => {
    const report = await runWith({ "working-directory": "none" });
    expect(report).toMatchObject({ verdict: "usage", exitCode: 2, problems: [{ code: "action/input-invalid" }] });
    expect(process.cwd()).toBe(home);
  });

  test("under pull_request_target is refused for a suite in a clone of another commit", async () => {
    write(".git/HEAD", `${commit}\n`);
    write("proposed/.git/HEAD", `${"f".repeat(40)}\n`);
    write("event.json", "{}");
    const more = {
      GITHUB_ACTIONS: "true",
      GITHUB_EVENT_NAME: "pull_request_target",
      GITHUB_EVENT_PATH: join(root, "event.json"),
      GITHUB_SHA: commit,
      GITHUB_WORKSPACE: root,
    };
    const refused = { verdict: "usage", problems: [{ code: "action/foreign-head-refused" }] };
    expect(await runWith({ "working-directory": "proposed" }, more)).toMatchObject(refused);
    expect(await runWith({ suite: "proposed/suite.yml" }, more)).toMatchObject(refused);
  });
});
