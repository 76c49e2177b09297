/** The launch of our Python drivers as data: what is mounted, what the environment holds, what is refused before a launch. */
import { describe, expect, test } from "@jest/globals";
import { engines } from "../../src/engines/registry.ts";
import { isAlwaysApart, preludeEngines } from "../../src/model/determinism.ts";
import type { EngineSpec, Suite } from "../../src/model/suite.ts";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { caseOf, samplingOf, source, suiteOf } from "./sample-suite.ts";

const revision = "ab".repeat(20);
const local = { name: "org/m", revision: null, path: "/models/m", source };

function suite(engine: Partial<EngineSpec> = {}, more: Partial<Suite> = {}): Suite {
  return suiteOf({ name: "vllm", ...engine }, { model: local, determinism: defaultDeterminism, ...more });
}
const plan = (of: Suite) => engines[of.engine.name].plan(of);
const settingsOf = (of: Suite) => JSON.parse(plan(of).env.INFERENCE_GATE_SETTINGS ?? "");

describe("the words of the launch", () => {
  test("are the interpreter, one folder with all drivers, the engine, and every path as something that can be mounted", () => {
    const { argv } = plan(suite({ args: { tokenizer: "../tok", dtype: "bfloat16", chat_template: "./a.jinja" } }));
    expect(argv).toEqual([
      "python3",
      { hostPath: expect.stringMatching(/\/drivers\/inference_gate$/) },
      "vllm",
      "--path",
      { hostPath: "/models/m", prefix: "model=" },
      "--path",
      { hostPath: "/tok", prefix: "args.tokenizer=" },
      "--path",
      { hostPath: "/suites/a.jinja", prefix: "args.chat_template=" },
    ]);
  });

  test("begin with engine.command where another interpreter is named", () => {
    expect(plan(suite({ command: ["venv/bin/python", "-X", "dev"] })).argv.slice(0, 3)).toEqual([
      "/suites/venv/bin/python",
      "-X",
      "dev",
    ]);
  });
});

describe("the settings of the driver", () => {
  test("hold the engine's arguments exactly, the model, all determinism settings and every sampling field in use", () => {
    const cases = [caseOf(samplingOf({}, { bad_words: ["x"] })), caseOf(samplingOf({}, { logit_bias: { "5": 1 } }))];
    const args = { dtype: "bfloat16", hf_overrides: { a: [1, null] } };
    expect(settingsOf(suite({ args }, { cases, model: { ...local, path: null, revision } }))).toEqual({
      version: 1,
      args,
      model: { name: "org/m", revision, path: null },
      determinism: defaultDeterminism,
      sampling_fields: ["bad_words", "logit_bias", "max_tokens", "seed"],
    });
  });
});

describe("the environment of the interpreter", () => {
  test("holds what must be there before it starts", () => {
    expect(plan(suite({ env: { VLLM_CPU_KVCACHE_SPACE: "1" } })).env).toMatchObject({
      PYTHONHASHSEED: "0",
      CUBLAS_WORKSPACE_CONFIG: ":4096:8",
      NVIDIA_TF32_OVERRIDE: "0",
      TORCHDYNAMO_DISABLE: "1",
      OMP_NUM_THREADS: "1",
      VLLM_ENABLE_V1_MULTIPROCESSING: "0",
      VLLM_BATCH_INVARIANT: "0",
      VLLM_TRITON_FORCE_FIRST_CONFIG: "1",
      HF_HUB_OFFLINE: "1",
      VLLM_CPU_KVCACHE_SPACE: "1",
    });
  });

  test("follows each setting", () => {
    const other = {
      ...defaultDeterminism,
      hash_seed: 7,
      cublas_workspace: "default",
      tf32: true,
      compile: true,
      autotune: true,
      threads: 4,
      multiprocessing: true,
      batch_invariant: true,
    } as const;
    const { env } = plan(suite({}, { determinism: other }));
    expect(env).toMatchObject({
      PYTHONHASHSEED: "7",
      OMP_NUM_THREADS: "4",
      VLLM_ENABLE_V1_MULTIPROCESSING: "1",
      VLLM_BATCH_INVARIANT: "1",
    });
    for (const name of ["CUBLAS_WORKSPACE_CONFIG", "NVIDIA_TF32_OVERRIDE", "TORCHDYNAMO_DISABLE"])
      expect(env).not.toHaveProperty(name);
  });
});

describe("refused before a launch:", () => {
  const on = (changed: Partial<typeof defaultDeterminism>) => ({ determinism: { ...defaultDeterminism, ...changed } });
  test.each<[string, Suite, string[]]>([
    ["a name that moves", suite({}, { model: { ...local, path: null } }), ["engines/revision-missing"]],
    ["no model", suite({}, { model: null }), ["engines/model-missing"]],
    [
      "a tokenizer of a name that moves",
      suite({ args: { tokenizer: "org/tok" } }),
      ["engines/tokenizer-revision-missing"],
    ],
    [
      "a tokenizer at a branch",
      suite({ args: { tokenizer: "org/tok", tokenizer_revision: "main" } }),
      ["engines/tokenizer-revision-missing"],
    ],
    [
      "the model's own tokenizer at a branch",
      suite({ args: { tokenizer_revision: "main" } }),
      ["engines/tokenizer-revision-missing"],
    ],
    [
      "what `model` says, in engine.args",
      suite({ args: { model: "x", revision: "main" } }),
      ["engines/argument-owned", "engines/argument-owned"],
    ],
    [
      "a variable that contradicts a setting",
      suite({ env: { OMP_NUM_THREADS: "8" } }),
      ["engines/variable-contradicts"],
    ],
    ["an argument that contradicts one", suite({ args: { enforce_eager: false } }), ["engines/argument-contradicts"]],
    [
      "the other way round",
      suite({ args: { enforce_eager: true } }, on({ compile: true })),
      ["engines/argument-contradicts"],
    ],
    ["a second seed", suite({ args: { seed: 3 } }), ["engines/argument-contradicts"]],
    [
      "vLLM's own settings with transformers",
      suite({ name: "transformers" }, on({ multiprocessing: true, batch_invariant: true })),
      ["engines/setting-without-effect", "engines/setting-without-effect"],
    ],
  ])("%s", async (_, of, codes) => {
    expect((await problemsOf(async () => plan(of))).map(({ code }) => code)).toEqual(codes);
  });

  test.each<Suite["engine"]["args"]>([
    { tokenizer: "./tok" },
    { tokenizer: "org/tok", tokenizer_revision: "0".repeat(40) },
  ])("nothing, where a tokenizer stays what it is: %j", (args) => {
    expect(plan(suite({ args })).argv.length).toBeGreaterThan(0);
  });

  test("nothing, where a variable repeats what a setting says", () => {
    expect(plan(suite({ env: { VLLM_ENABLE_V1_MULTIPROCESSING: "0" } })).env.VLLM_ENABLE_V1_MULTIPROCESSING).toBe("0");
  });
});

test("every engine of the prelude is launched by the drivers", () => {
  for (const name of preludeEngines) {
    const determinism = { ...defaultDeterminism, multiprocessing: isAlwaysApart(name) };
    expect(plan(suite({ name }, { determinism })).env).toHaveProperty("PYTHONHASHSEED", "0");
  }
});
