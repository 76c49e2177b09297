import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { argumentWords, namedOptions } from "../../src/engines/argument-words.ts";
import { engines } from "../../src/engines/registry.ts";
import type { Json } from "../../src/model/json.ts";
import { engineNames, type Suite } from "../../src/model/suite.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { source, suiteOf } from "./sample-suite.ts";

const llama = (args: { readonly [name: string]: Json }, more: Partial<Suite> = {}, command: string[] | null = null) =>
  suiteOf({ name: "llama-cpp", args, command }, more);
const codesOf = async (suite: Suite) =>
  (await problemsOf(async () => engines[suite.engine.name].plan(suite))).map(({ code }) => code);

describe("llama-cpp", () => {
  test("everything that shapes an output is on the command line", () => {
    const { argv, transport, readiness } = engines["llama-cpp"].plan(llama({ threads: 2, ctx_size: 2048 }));
    expect(argv).toEqual([
      "llama-server",
      "--model",
      { hostPath: "/models/tiny.gguf" },
      "--parallel",
      "1",
      "--no-cache-prompt",
      "--seed",
      "0",
      "--threads",
      "2",
      "--ctx-size",
      "2048",
      "--host",
      { slot: "host" },
      "--port",
      { slot: "port" },
    ]);
    expect(transport).toBe("http");
    expect(readiness).toEqual([{ kind: "http", path: "/health", status: 200 }]);
  });

  test.each<[string, { readonly [name: string]: Json }, readonly unknown[]]>([
    ["kebab-case", { "ctx-size": 512 }, ["--ctx-size", "512"]],
    ["true", { swa_full: true }, ["--swa-full"]],
    ["false", { mmap: false }, ["--no-mmap"]],
    ["a list", { override_kv: ["a=1", "b=2"] }, ["--override-kv", "a=1", "--override-kv", "b=2"]],
    [
      "a file beside the suite",
      { chat_template_file: "t.jinja" },
      ["--chat-template-file", { hostPath: "/suites/t.jinja" }],
    ],
    ["its own seed", { seed: 5 }, ["--seed", "5"]],
    ["its own prompt cache", { cache_prompt: true }, ["--cache-prompt"]],
  ])("takes %s", (_, args, words) => {
    const { argv } = engines["llama-cpp"].plan(llama({ threads: 2, ...args }));
    expect(JSON.stringify(argv)).toContain(JSON.stringify(words).slice(1, -1));
    expect(argv.filter((word) => word === "--seed" || word === "--no-seed").length).toBe(1);
    expect(argv.filter((word) => word === "--cache-prompt" || word === "--no-cache-prompt").length).toBe(1);
  });

  test("a command with a slash is looked up beside the suite, any other on PATH", () => {
    const first = (command: string[]) => engines["llama-cpp"].plan(llama({ threads: 2 }, {}, command)).argv.slice(0, 2);
    expect(first(["./bin/llama-server", "-v"])).toEqual(["/suites/bin/llama-server", "-v"]);
    expect(first(["python3", "server.py"])).toEqual(["python3", "server.py"]);
  });

  test.each<[string, Suite, readonly string[]]>([
    ["no threads", llama({}), ["engines/threads-missing"]],
    [
      "an address of its own",
      llama({ threads: 2, host: "::", port: 1 }),
      ["engines/argument-owned", "engines/argument-owned"],
    ],
    ["a second model", llama({ threads: 2, model: "x.gguf" }), ["engines/argument-owned"]],
    ["a short name", llama({ threads: 2, c: 512 }), ["engines/argument-short"]],
    ["several slots", llama({ threads: 2, parallel: 4 }), ["engines/parallel-not-one"]],
    ["no model", llama({ threads: 2 }, { model: null }), ["engines/model-missing"]],
    ["an option twice", llama({ threads: 2, ctx_size: 1, "ctx-size": 2 }), ["engines/argument-twice"]],
    ["null", llama({ threads: 2, lora: null }), ["engines/argument-value"]],
    [
      "several mistakes at once",
      llama({ port: 1, np: 2 }, { model: null }),
      ["engines/argument-owned", "engines/argument-short", "engines/threads-missing", "engines/model-missing"],
    ],
  ])("refuses %s", async (_, suite, codes) => {
    expect(await codesOf(suite)).toEqual(codes);
  });

  test("a server that somebody else started needs no options", () => {
    const attached = { ...llama({}, { runtime: "attached" }), engine: { ...llama({}).engine, url: "http://gpu:8080" } };
    expect(engines["llama-cpp"].plan(attached).attachedUrl).toBe("http://gpu:8080");
  });
});

describe("openai", () => {
  test("appends options, asks for the models, and takes a URL with or without /v1", () => {
    const plan = engines.openai.plan(
      suiteOf({ name: "openai", command: ["vllm", "serve"], args: { max_num_seqs: 1 }, url: "http://gpu:8000/v1/" }),
    );
    expect(plan.argv).toEqual([
      "vllm",
      "serve",
      "--max-num-seqs",
      "1",
      "--host",
      { slot: "host" },
      "--port",
      { slot: "port" },
    ]);
    expect(plan.readiness).toEqual([{ kind: "http", path: "/v1/models", status: 200 }]);
    expect(plan.attachedUrl).toBe("http://gpu:8000");
  });

  test("does not take a server with a key for one that is not ready", () => {
    const env = { OPENAI_API_KEY: "secret" };
    const own = engines.openai.plan(suiteOf({ name: "openai", command: ["vllm"], env }));
    const attached = engines.openai.plan(suiteOf({ name: "openai", env }, { runtime: "attached" }));
    expect(own.readiness).toEqual([{ kind: "http", path: "/health", status: 200 }]);
    expect(attached.readiness).toEqual([]);
  });

  test("needs a command and a model's name", async () => {
    expect(await codesOf(suiteOf({ name: "openai" }, { model: null }))).toEqual([
      "engines/command-missing",
      "engines/model-missing",
    ]);
  });
});

describe("command and scripted", () => {
  test("a command gets its options and speaks over stdio", () => {
    const { argv, transport, readiness } = engines.command.plan(
      suiteOf({ name: "command", command: ["./pipeline", "run"], args: { steps: 20 } }),
    );
    expect(argv).toEqual(["/suites/pipeline", "run", "--steps", "20"]);
    expect(transport).toBe("stdio");
    expect(readiness).toEqual([{ kind: "message", type: "ready" }]);
  });

  test("mistakes are told before anything starts", async () => {
    expect(await codesOf(suiteOf({ name: "command" }))).toEqual(["engines/command-missing"]);
    expect(await codesOf(suiteOf({ name: "scripted", args: { scirpt: "a.yml" } }))).toEqual([
      "engines/argument-unknown",
      "engines/script-missing",
    ]);
    expect(await codesOf(suiteOf({ name: "scripted", args: { script: "nowhere.yml" } }))).toEqual([
      "engines/script-unreadable",
    ]);
  });
});

test("each name of the registry is the engine's own", () => {
  expect(engineNames.map((name) => engines[name].name)).toEqual([...engineNames]);
});

test("any text or number stays one word of its own", () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const spec = {
        name: "command",
        command: null,
        args: { some_option: values },
        env: {},
        url: null,
        source,
      } as const;
      const words = argumentWords(namedOptions(spec), spec);
      expect(words).toEqual(values.flatMap((one) => ["--some-option", String(one)]));
    }),
  );
});
