import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { starterFiles } from "../../src/suite/starter.ts";
import { starterEngineNames } from "../../src/suite/starter-engines.ts";

async function validator(name: string) {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(await readFile(`schemas/${name}.schema.json`, "utf8")));
}

const suite = {
  version: 1,
  runtime: "process",
  engine: { name: "llama-cpp", args: { threads: 2, nested: [{ a: null }] }, env: { A_B: "1" }, command: ["server"] },
  model: { name: "org/m", revision: "a".repeat(40) },
  sampling: { temperature: 0, seed: 42, max_tokens: 8, mirostat: 1 },
  cases: [
    { id: "a", prompt: "hello" },
    { id: "b", prompt_token_ids: [1, 2], sampling: { top_k: -1 }, compare: { tier: "close", near_tie: 0.1 } },
    { id: "c", messages: [{ role: "user", content: "" }] },
    { from: "prompts/*.jsonl" },
  ],
};
const oneCase = (item: unknown) => ({ ...suite, cases: [item] });
const digest = `sha256:${"0".repeat(64)}`;
const lock = {
  kind: "inference-gate-lock",
  version: 1,
  suite: "default",
  classes: {
    "cpu-x86-64-v3-t2": {
      generations: [{ generation: 1, reason: "", recorded_at: "2026-11-23T10:00:00.000Z", recorded_by: "x" }],
      contract: { engine: { name: "llama-cpp" } },
      environment: { "engine.version": "b1", "cpu.threads": 2, "driver.version": null },
      goldens: { intro: { digest, contract: digest, generation: 1 } },
    },
  },
};

describe("schemas/suite.schema.json", () => {
  test.each([
    ["a whole suite", suite],
    ["an attached one", { ...suite, runtime: "attached", engine: { name: "openai", url: "http://127.0.0.1:8000" } }],
    ...starterEngineNames.map((engine): [string, unknown] => [
      `the ${engine} starter`,
      parse(starterFiles({ suiteName: "x", folder: "f", engine })[0]?.text ?? ""),
    ]),
  ])("accepts %s", async (_, value) => {
    const validate = await validator("suite");
    validate(value);
    expect(validate.errors).toBeNull();
  });

  test.each([
    ["another version", { ...suite, version: 2 }],
    ["an unknown field", { ...suite, engin: {} }],
    ["an unknown engine", { ...suite, engine: { name: "gpt" } }],
    ["no cases", { ...suite, cases: [] }],
    ["a case without a prompt", oneCase({ id: "a" })],
    ["a case with two prompts", oneCase({ id: "a", prompt: "x", prompt_token_ids: [1] })],
    ["a case without an id", oneCase({ prompt: "x" })],
    ["from beside an id", oneCase({ from: "x", id: "a" })],
    ["a bad id", oneCase({ id: "../a", prompt: "x" })],
    ["a seed out of range", { ...suite, sampling: { seed: -1 } }],
    ["a branch as revision", { ...suite, model: { name: "m", revision: "main" } }],
    ["a number as variable", { ...suite, engine: { name: "openai", env: { A: 1 } } }],
    ["one launch", { ...suite, record: { launches: 1 } }],
  ])("rejects %s", async (_, value) => {
    expect((await validator("suite"))(value)).toBe(false);
  });
});

describe("schemas/lock.schema.json", () => {
  test("accepts a lock", async () => {
    const validate = await validator("lock");
    validate(lock);
    expect(validate.errors).toBeNull();
  });

  test.each([
    ["another kind", { ...lock, kind: "npm" }],
    ["another version", { ...lock, version: 2 }],
    [
      "a class without generations",
      { ...lock, classes: { "cpu-t2": { ...lock.classes["cpu-x86-64-v3-t2"], generations: [] } } },
    ],
    ["a bad class name", { ...lock, classes: { "../x": lock.classes["cpu-x86-64-v3-t2"] } }],
  ])("rejects %s", async (_, value) => {
    expect((await validator("lock"))(value)).toBe(false);
  });
});

describe("the other schemas", () => {
  test.each(["golden", "report", "engine-request", "engine-reply"])(
    "%s compiles and rejects a stranger",
    async (name) => {
      expect((await validator(name))({ some: "thing" })).toBe(false);
    },
  );

  test.each([
    ["engine-request", { type: "hello", protocol: 1 }],
    ["engine-reply", { type: "output", id: "1", finish_reason: "stop", text: "x" }],
  ])("%s accepts a line", async (name, line) => {
    expect((await validator(name))(line)).toBe(true);
  });
});
