import { describe, expect, test } from "@jest/globals";
import { vllmServer } from "../../src/engines/vllm-server/vllm-server.ts";
import type { Json } from "../../src/model/json.ts";
import type { Suite } from "../../src/model/suite.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { source, suiteOf } from "./sample-suite.ts";

const revision = "0123456789abcdef0123456789abcdef01234567";
const hub = { name: "org/model", revision, path: null, source };

const planned = (
  args: { readonly [name: string]: Json } = {},
  more: Partial<Suite> = {},
  command: string[] | null = null,
) => vllmServer.plan(suiteOf({ name: "vllm-server", args, command }, more));

test("everything that makes two launches agree is on the command line", () => {
  const { argv, transport, readiness } = planned({ dtype: "bfloat16" }, { model: hub });
  expect(argv).toEqual([
    ...["python3", "-m", "vllm.entrypoints.openai.api_server"],
    ...["--model", "org/model", "--revision", revision, "--served-model-name", "org/model"],
    ...[
      "--generation-config",
      "vllm",
      "--no-enable-prefix-caching",
      "--max-num-seqs",
      "1",
      "--seed",
      "0",
      "--enforce-eager",
    ],
    ...["--tokenizer-revision", revision],
    ...["--dtype", "bfloat16"],
    ...["--host", { slot: "host" }, "--port", { slot: "port" }],
  ]);
  expect(transport).toBe("http");
  expect(readiness).toEqual([{ kind: "http", path: "/health", status: 200 }]);
});

test("a local model is a file of the host under the suite's name for it", () => {
  expect(planned().argv.slice(3, 7)).toEqual([
    "--model",
    { hostPath: "/models/tiny.gguf" },
    "--served-model-name",
    "tiny",
  ]);
});

test("any command that takes vLLM's options starts it", () => {
  expect(planned({}, {}, ["./bin/vllm", "serve"]).argv.slice(0, 3)).toEqual(["/suites/bin/vllm", "serve", "--model"]);
});

test.each<[string, { readonly [name: string]: Json }, readonly unknown[], readonly string[]]>([
  ["prefix caching", { enable_prefix_caching: true }, ["--enable-prefix-caching"], ["--no-enable-prefix-caching"]],
  ["several sequences", { "max-num-seqs": 8 }, ["--max-num-seqs", "8"], []],
  ["a seed", { seed: 5 }, ["--seed", "5"], []],
  ["CUDA graphs", { enforce_eager: false }, ["--no-enforce-eager"], ["--enforce-eager"]],
  ["the model's own generation config", { generation_config: "auto" }, ["--generation-config", "auto"], ["vllm"]],
])("the suite's own %s replaces what the gate would pass", (_, args, words, gone) => {
  const { argv } = planned(args);
  expect(JSON.stringify(argv)).toContain(JSON.stringify(words).slice(1, -1));
  expect(argv.filter((word) => gone.includes(String(word)))).toEqual([]);
  expect(argv.filter((word) => word === words[0])).toHaveLength(1);
});

test.each<[string, { readonly [name: string]: Json }, readonly unknown[]]>([
  ["a map", { compilation_config: { mode: 0 } }, ["--compilation-config", '{"mode":0}']],
  ["a list", { cudagraph_capture_sizes: [1, 2] }, ["--cudagraph-capture-sizes", "1", "2"]],
  ["a template beside the suite", { chat_template: "./t.jinja" }, ["--chat-template", { hostPath: "/suites/t.jinja" }]],
  ["a template as text", { chat_template: "{{ x }}" }, ["--chat-template", "{{ x }}"]],
  ["another tokenizer's name", { tokenizer: "org/tok" }, ["--tokenizer", "org/tok"]],
  ["an adapter", { lora_modules: ["a=/lora/a"] }, ["--lora-modules", { hostPath: "/lora/a", prefix: "a=" }]],
])("takes %s", (_, args, words) => {
  expect(JSON.stringify(planned(args).argv)).toContain(JSON.stringify(words).slice(1, -1));
});

describe("refuses", () => {
  test.each<[string, { readonly [name: string]: Json }, Partial<Suite>, readonly string[]]>([
    [
      "an address, a key and a name of its own",
      { host: "::", port: 1, api_key: "k", served_model_name: "x" },
      {},
      Array.from({ length: 4 }, () => "engines/argument-owned"),
    ],
    ["a second model", { model: "org/other", revision }, {}, ["engines/argument-owned", "engines/argument-owned"]],
    ["a file of options", { config: "vllm.yml" }, {}, ["engines/argument-owned"]],
    ["a short name", { tp: 2 }, {}, ["engines/argument-short"]],
    ["null", { max_model_len: null }, {}, ["engines/argument-value"]],
    ["no model", {}, { model: null }, ["engines/model-missing"]],
  ])("%s", async (_, args, more, codes) => {
    const problems = await problemsOf(async () => planned(args, more));
    expect(problems.map(({ code }) => code)).toEqual(codes);
    expect(problems.every(({ location }) => location !== null)).toBe(true);
  });

  test("nothing of the options beside a server that somebody else started", () => {
    const attached = planned({ port: 1 }, { runtime: "attached" });
    expect(attached.readiness).toEqual([{ kind: "http", path: "/health", status: 200 }]);
  });
});
