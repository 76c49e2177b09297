import { describe, expect, test } from "@jest/globals";
import { vllmServer } from "../../src/engines/vllm-server/vllm-server.ts";
import type { Json } from "../../src/model/json.ts";
import type { Suite } from "../../src/model/suite.ts";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { source } from "./sample-suite.ts";
import { serverSuite } from "./vllm-server-suite.ts";

const revision = "0123456789abcdef0123456789abcdef01234567";
const hub = { name: "org/model", revision, path: null, source };
type Args = { readonly [name: string]: Json };

const planned = (args: Args = {}, more: Partial<Suite> = {}, command: string[] | null = null) =>
  vllmServer.plan(serverSuite({ args, command }, more));
const settingsOf = (plan: ReturnType<typeof planned>) => JSON.parse(plan.env.INFERENCE_GATE_SETTINGS ?? "");

test("everything that makes two launches agree is on the command line, after our driver", () => {
  const { argv, transport, readiness } = planned({ dtype: "bfloat16" }, { model: hub });
  expect(argv).toEqual([
    ...["python3", { hostPath: expect.stringMatching(/\/drivers\/inference_gate$/) }, "vllm-server"],
    ...["--model", "org/model", "--revision", revision, "--served-model-name", "org/model"],
    ...["--generation-config", "vllm", "--no-enable-prefix-caching", "--max-num-seqs", "1", "--seed", "0"],
    ...["--enforce-eager", "--tokenizer-revision", revision, "--dtype", "bfloat16"],
    ...["--host", { slot: "host" }, "--port", { slot: "port" }],
  ]);
  expect(transport).toBe("http");
  expect(readiness).toEqual([{ kind: "http", path: "/health", status: 200 }]);
});

test("the driver is told what vLLM must be seen to run with, by vLLM's own names", () => {
  const plan = planned({ "max-model-len": 512 });
  expect(settingsOf(plan)).toMatchObject({
    args: {
      enable_prefix_caching: false,
      enforce_eager: true,
      generation_config: "vllm",
      max_model_len: 512,
      max_num_seqs: 1,
      seed: 0,
    },
    determinism: { ...defaultDeterminism, multiprocessing: true },
  });
  expect(plan.env).toMatchObject({
    HF_HUB_OFFLINE: "1",
    OMP_NUM_THREADS: "1",
    VLLM_CPU_OMP_THREADS_BIND: "nobind",
    VLLM_ENABLE_V1_MULTIPROCESSING: "1",
  });
});

test("a local model is a file of the host under the suite's name for it", () => {
  expect(planned().argv.slice(3, 7)).toEqual([
    "--model",
    { hostPath: "/models/tiny.gguf" },
    "--served-model-name",
    "tiny",
  ]);
});

test("engine.command names another interpreter", () => {
  expect(planned({}, {}, ["venv/bin/python", "-X", "dev"]).argv.slice(0, 3)).toEqual([
    "/suites/venv/bin/python",
    "-X",
    "dev",
  ]);
});

const compiled = { determinism: { ...defaultDeterminism, multiprocessing: true, compile: true } };
test.each<[string, Args, Partial<Suite>, readonly unknown[], readonly string[]]>([
  ["prefix caching", { enable_prefix_caching: true }, {}, ["--enable-prefix-caching"], ["--no-enable-prefix-caching"]],
  ["number of sequences", { "max-num-seqs": 8 }, {}, ["--max-num-seqs", "8"], []],
  ["CUDA graphs", { enforce_eager: false }, compiled, ["--no-enforce-eager"], ["--enforce-eager"]],
  ["compile setting", {}, compiled, ["--no-enforce-eager"], ["--enforce-eager"]],
  ["generation config", { generation_config: "auto" }, {}, ["--generation-config", "auto"], ["vllm"]],
])("the suite's own %s replaces what the gate would pass", (_, args, more, words, gone) => {
  const { argv } = planned(args, more);
  expect(JSON.stringify(argv)).toContain(JSON.stringify(words).slice(1, -1));
  expect(argv.filter((word) => gone.includes(String(word)))).toEqual([]);
  expect(argv.filter((word) => word === words[0])).toHaveLength(1);
});

test("a tokenizer from elsewhere does not take the model's revision", () => {
  expect(planned({ tokenizer: "./tok" }, { model: hub }).argv).not.toContain("--tokenizer-revision");
});

test.each<[string, Args, readonly unknown[]]>([
  ["a map", { compilation_config: { mode: 0 } }, ["--compilation-config", '{"mode":0}']],
  ["a list", { cudagraph_capture_sizes: [1, 2] }, ["--cudagraph-capture-sizes", "1", "2"]],
  ["a template beside the suite", { chat_template: "./t.jinja" }, ["--chat-template", { hostPath: "/suites/t.jinja" }]],
  ["a template as text", { chat_template: "{{ x }}" }, ["--chat-template", "{{ x }}"]],
  [
    "another tokenizer at its own revision",
    { tokenizer: "org/tok", tokenizer_revision: revision },
    ["--tokenizer", "org/tok", "--tokenizer-revision", revision],
  ],
  ["an adapter", { lora_modules: ["a=/lora/a"] }, ["--lora-modules", { hostPath: "/lora/a", prefix: "a=" }]],
])("takes %s", (_, args, words) => {
  expect(JSON.stringify(planned(args).argv)).toContain(JSON.stringify(words).slice(1, -1));
});

describe("refuses", () => {
  const owned = (count: number) => Array.from({ length: count }, () => "engines/argument-owned");
  const apart = { determinism: { ...defaultDeterminism, multiprocessing: false } };
  test.each<[string, Args, Partial<Suite>, readonly string[]]>([
    [
      "an address, a key and a name of its own",
      { host: "::", port: 1, api_key: "k", served_model_name: "x" },
      {},
      owned(4),
    ],
    ["a second model", { model: "org/other", revision }, {}, owned(2)],
    ["a file of options", { config: "vllm.yml" }, {}, owned(1)],
    ["a short name", { tp: 2 }, {}, ["engines/argument-short"]],
    ["null", { max_model_len: null }, {}, ["engines/argument-value"]],
    ["a tokenizer that moves", { tokenizer: "org/tok" }, {}, ["engines/tokenizer-revision-missing"]],
    ["a revision that moves", { "tokenizer-revision": "main" }, {}, ["engines/tokenizer-revision-missing"]],
    ["no model", {}, { model: null }, ["engines/model-missing"]],
    ["a model of no revision", {}, { model: { ...hub, revision: null } }, ["engines/revision-missing"]],
    ["an argument that contradicts a setting", { "enforce-eager": false }, {}, ["engines/argument-contradicts"]],
    ["an engine in the server's own process, which there is not", {}, apart, ["engines/setting-without-effect"]],
  ])("%s", async (_, args, more, codes) => {
    const problems = await problemsOf(async () => planned(args, more));
    expect(problems.map(({ code }) => code)).toEqual(codes);
    expect(problems.every(({ location }) => location !== null)).toBe(true);
  });

  test.each([
    [["vllm", "serve"]],
    [["python3", "-m", "vllm.entrypoints.openai.api_server"]],
    [["python3", "serve.py"]],
  ])("a command that starts the server by itself: %j", async (command) => {
    const problems = await problemsOf(async () => planned({}, {}, command));
    expect(problems.map(({ code }) => code)).toEqual(["engines/command-not-interpreter"]);
  });

  test("nothing beside a server that somebody else started", () => {
    const attached = planned({ port: 1 }, { runtime: "attached", determinism: null });
    expect(attached.readiness).toEqual([{ kind: "http", path: "/health", status: 200 }]);
  });
});
