import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { engines } from "../../src/engines/registry.ts";
import { GateError } from "../../src/model/problem.ts";
import type { SamplingSupport } from "../../src/model/sampling-params.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { loadSuite } from "../../src/suite/load-suite.ts";
import { starterFiles } from "../../src/suite/starter.ts";
import { type StarterEngine, starterEngineNames } from "../../src/suite/starter-engines.ts";

const support: SamplingSupport = { fields: ["temperature", "seed", "max_tokens"], extra: [], tokenIds: true };
let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "starter-"));
});
afterAll(() => rm(root, { recursive: true }));

async function write(name: string, engine: StarterEngine, suiteName = "my app"): Promise<string> {
  const at = join(root, name);
  for (const { path, text } of starterFiles({ suiteName, folder: "./gates/chat/", engine }))
    await nodeFiles.writeAtomic(join(at, path), text);
  return join(at, "gates/chat");
}

describe("starterFiles", () => {
  test("puts the suite first and everything where it is looked for", () => {
    expect(
      starterFiles({ suiteName: "x", folder: "inference-gate", engine: "openai" }).map(({ path }) => path),
    ).toEqual([
      "inference-gate/suite.yml",
      "inference-gate/prompts/starter.jsonl",
      "inference-gate/.gitattributes",
      ".github/workflows/inference-gate.yml",
      "inference-gate/schemas/suite.schema.json",
      "inference-gate/schemas/lock.schema.json",
    ]);
  });

  test("openai: is valid as it is, with twelve cases", async () => {
    const folder = await write("openai", "openai");
    const suite = await loadSuite(join(folder, "suite.yml"), nodeFiles, () => support);
    expect(suite).toMatchObject({ name: "my-app", runtime: "attached", engine: { name: "openai" } });
    expect(suite.cases).toHaveLength(12);
    expect(suite.cases.every(({ sampling }) => sampling.params.max_tokens >= 256)).toBe(true);
  });

  test.each(["vllm", "vllm-server"] as const)(
    "%s: is valid as it is and can be planned, with a fixed revision and numbers of a fixed type",
    async (engine) => {
      const folder = await write(engine, engine);
      const suite = await loadSuite(join(folder, "suite.yml"), nodeFiles, () => support);
      expect(suite).toMatchObject({
        runtime: "process",
        engine: { name: engine, command: ["python3"], args: { dtype: "bfloat16", max_model_len: 4096 } },
        model: { name: "org/model", revision: "0".repeat(40) },
      });
      expect(suite.cases).toHaveLength(12);
      expect(engines[engine].plan(suite).argv[0]).toBe("python3");
    },
  );

  test.each(["vllm", "vllm-server"] as const)(
    "%s: is valid in a container of the image that a comment shows",
    async (engine) => {
      const folder = await write(`${engine}-docker`, engine);
      const path = join(folder, "suite.yml");
      const text = (await nodeFiles.readText(path)) ?? "";
      await nodeFiles.writeAtomic(
        path,
        text.replace("runtime: process", "runtime: docker").replace("# image:", "image:"),
      );
      const suite = await loadSuite(path, nodeFiles, () => support);
      expect(suite).toMatchObject({ runtime: "docker", container: { image: { digest: `sha256:${"0".repeat(64)}` } } });
    },
  );

  test.each([...starterEngineNames])(
    "%s: the engine's command or address and the model are marked EDIT, each on the line below",
    (engine) => {
      const lines = starterFiles({ suiteName: "x", folder: "f", engine })[0]?.text.split("\n") ?? [];
      const marked = lines.flatMap((line, index) =>
        line.includes("# EDIT: ") ? [lines[index + 1]?.trim().split(":")[0]] : [],
      );
      const wanted = {
        vllm: ["command", "name", "revision"],
        "vllm-server": ["command", "name", "revision"],
        "llama-cpp": ["command", "path"],
        openai: ["url", "name"],
      };
      expect(marked).toEqual(wanted[engine]);
    },
  );

  test("llama-cpp: lacks only the weight file, named at its line, and is valid with it", async () => {
    const folder = await write("llama", "llama-cpp");
    const path = join(folder, "suite.yml");
    const text = await nodeFiles.readText(path);
    const line = (text ?? "").split("\n").findIndex((one) => one.startsWith("  path: ")) + 1;
    const failure = await loadSuite(path, nodeFiles, () => support).catch((error: unknown) => error);
    if (!(failure instanceof GateError)) throw new Error("the suite was accepted");
    expect(failure.problems).toMatchObject([{ code: "suite/path-not-found", location: { line, column: 9 } }]);
    await nodeFiles.writeAtomic(join(folder, "models/my-model.gguf"), "weights");
    expect((await loadSuite(path, nodeFiles, () => support)).cases).toHaveLength(12);
  });

  test("git leaves goldens and lock byte for byte, shows them as text and never merges two of them", async () => {
    const folder = await write("attributes", "openai");
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", env: { PATH: process.env.PATH } });
    git("init", "-q");
    const attributes = (path: string) => git("check-attr", "text", "diff", "merge", "--", path).trim().split("\n");
    for (const path of ["goldens/cpu-x86-64-v3-t2/essay.json", "suite.lock.yml"]) {
      expect(attributes(path)).toEqual([`${path}: text: unset`, `${path}: diff: set`, `${path}: merge: unset`]);
    }
    expect(attributes("suite.yml")).toContain("suite.yml: text: unspecified");
  });

  test.each([
    ["Über App!", "Uber-App"],
    ["", "default"],
    ["...", "default"],
    ['a"b: #c', "a-b-c"],
    ["x".repeat(200), "x".repeat(100)],
  ])("makes a suite name of %j", async (written, name) => {
    const folder = await write("names", "openai", written);
    expect((await loadSuite(join(folder, "suite.yml"), nodeFiles, () => support)).name).toBe(name);
  });

  test("the workflow runs no fork, keeps no credentials, may write nothing and counts a skipped check as failed", () => {
    const file = starterFiles({ suiteName: "x", folder: 'a "b" $c', engine: "openai" })[3];
    const workflow = parse(file?.text ?? "");
    expect(workflow).toMatchObject({
      on: { pull_request: null },
      permissions: {},
      concurrency: { "cancel-in-progress": true },
      jobs: {
        check: {
          if: "github.event.pull_request.head.repo.full_name == github.repository",
          "runs-on": ["self-hosted"],
          permissions: { contents: "read" },
        },
        gate: { if: "always()", needs: "check", permissions: {} },
      },
    });
    const [checkout, check] = workflow.jobs.check.steps;
    expect(checkout.uses).toMatch(/^actions\/checkout@[0-9a-f]{40}$/);
    expect(checkout.with).toEqual({ "persist-credentials": false, "fetch-depth": 0 });
    expect(check.uses).toMatch(/^OWNER\/inference-gate@0{40}$/);
    expect(check.with).toEqual({ suite: 'a "b" $c/suite.yml' });
  });
});
