import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { check } from "../../src/commands/check.ts";
import { fetchModel } from "../../src/commands/fetch.ts";
import { nodeWorkbench } from "../../src/commands/node-workbench.ts";
import { record } from "../../src/commands/record.ts";
import { commit, type FakeHub, fakeHub, modelName } from "../hub/fake-hub.ts";
import { problemsFrom } from "../suite/suite-folder.ts";

let hub: FakeHub;
let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fetch-"));
  hub = await fakeHub({ "config.json": Buffer.from("{}"), "model.safetensors": Buffer.from("weights") });
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

function suiteWith(model: string, engine = "name: vllm-server"): string {
  const path = join(mkdtempSync(join(folder, "suite-")), "suite.yml");
  writeFileSync(
    path,
    `version: 1\nruntime: process\nengine: { ${engine} }\n${model}\nsampling: { seed: 1, max_tokens: 4 }\ncases: [{ id: a, prompt: b }]\n`,
  );
  return path;
}
const pinned = `model: { name: ${modelName}, revision: "${commit}" }`;
const bench = () => {
  const env = { HF_HUB_CACHE: join(folder, "cache"), INFERENCE_GATE_CACHE: join(folder, "gate") };
  return nodeWorkbench({ onProgress: () => {}, signal: new AbortController().signal, env });
};
const env = () => ({ HF_ENDPOINT: hub.endpoint });
const fetching = (suitePath: string) => fetchModel({ suitePath, model: null, which: "needed", env: env() }, bench());

describe("fetch", () => {
  test("brings what check and record then find, and both say so as long as it is not there", async () => {
    const suitePath = suiteWith(pinned, "name: vllm-server, command: [no-such-python]");
    const options = { suitePath, cases: [], transcriptPath: join(folder, "t.jsonl") };
    const recording = () => record({ ...options, mode: "missing", reason: null, refusedBy: null }, bench());
    expect((await recording()).problems).toMatchObject([{ code: "hub/model-not-cached" }]);
    expect(await fetching(suitePath)).toMatchObject({ kind: "fetched", name: modelName, revision: commit, files: 2 });
    // The model is found now, and the engine is what is missing next.
    expect((await recording()).problems).toMatchObject([{ code: "runtimes/program-not-found" }]);
  });

  test("refuses a branch with the commit to write", async () => {
    const moving = {
      suitePath: "",
      model: { name: modelName, revision: "main" },
      which: "needed",
      env: env(),
    } as const;
    const [problem] = await problemsFrom(fetchModel(moving, bench()));
    expect(problem).toMatchObject({ code: "hub/revision-moves", verdict: "usage" });
    expect(problem?.help.join()).toContain(commit);
  });

  test("refuses a name that is none", async () => {
    const bad = { suitePath: "", model: { name: "../x", revision: commit }, which: "needed", env: env() } as const;
    expect(await problemsFrom(fetchModel(bad, bench()))).toMatchObject([{ code: "hub/name-bad" }]);
  });

  test.each([
    ["no model", ""],
    ["a local one", "model: { name: m, path: . }"],
    ["one without a revision", "model: { name: org/m }"],
  ])("has nothing to do for a suite with %s", async (_, model) => {
    expect(await fetching(suiteWith(model))).toMatchObject({ kind: "nothing" });
  });
});

test("a suite with a branch is refused with the commit that the cache knows", async () => {
  const refs = join(folder, "cache", "models--org--tiny", "refs");
  mkdirSync(refs, { recursive: true });
  writeFileSync(join(refs, "main"), commit);
  const suitePath = suiteWith(`model: { name: ${modelName}, revision: main }`);
  const { problems, exitCode } = await check(
    { suitePath, cases: [], split: "stop", transcriptPath: join(folder, "t.jsonl"), resume: null },
    bench(),
  );
  expect(exitCode).toBe(2);
  expect(problems).toMatchObject([{ code: "suite/moving-revision", help: [`Write revision: "${commit}"`] }]);
  expect(problems[0]?.location).toMatchObject({ line: 4, column: 36 });
  const unknown = suiteWith(`model: { name: org/unknown, revision: v1.0 }`);
  expect((await problemsFrom(fetching(unknown)))[0]?.help).toEqual([
    "Ask the hub which commit it is: inference-gate fetch --model org/unknown --revision v1.0",
  ]);
});
