import { afterEach, describe, expect, test } from "@jest/globals";
import { sglang } from "../../src/engines/sglang/sglang.ts";
import type { Case, Prompt } from "../../src/model/case.ts";
import type { Json } from "../../src/model/json.ts";
import type { Suite } from "../../src/model/suite.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { fakeTokens } from "./fake-model.ts";
import type { FakeServer } from "./fake-server.ts";
import { type FakeSglangOptions, fakeSglang } from "./fake-sglang-server.ts";
import { caseOf, requestOf, runningAt, samplingOf, source, suiteOf } from "./sample-suite.ts";

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function opened(options: FakeSglangOptions = {}, cases: readonly Case[] = []) {
  const server = await fakeSglang(options);
  servers.push(server);
  return { server, session: await sglang.open(runningAt(server.baseUrl), suiteOf({ name: "sglang" }, { cases })) };
}
const bodiesOf = (server: FakeServer) =>
  server.received.filter(({ method }) => method === "POST").map(({ path, text }) => [path, JSON.parse(text)]);

describe("the launch", () => {
  const revision = "0123456789abcdef0123456789abcdef01234567";
  const planned = (args: { readonly [name: string]: Json } = {}, more: Partial<Suite> = {}) =>
    sglang.plan(suiteOf({ name: "sglang", args }, more));

  test("has everything on the command line that makes two launches agree", () => {
    const model = { name: "org/model", revision, path: null, source };
    const { argv, env, readiness } = planned({ context_length: 4096 }, { model });
    expect(argv).toEqual([
      ...["python3", "-m", "sglang.launch_server"],
      ...["--model-path", "org/model", "--revision", revision, "--served-model-name", "org/model"],
      ...["--enable-deterministic-inference", "--random-seed", "0", "--disable-radix-cache", "--disable-cuda-graph"],
      ...["--max-running-requests", "1", "--sampling-defaults", "openai", "--incremental-streaming-output"],
      ...["--context-length", "4096", "--host", { slot: "host" }, "--port", { slot: "port" }],
    ]);
    expect(env).toEqual({ SGLANG_RETURN_ORIGINAL_LOGPROB: "1" });
    expect(readiness).toEqual([{ kind: "http", path: "/health", status: 200 }]);
  });

  test.each<[string, { readonly [name: string]: Json }, string, boolean]>([
    ["a switch that is off is not named", { disable_cuda_graph: false }, "--disable-cuda-graph", false],
    ["and not by a name that SGLang does not know", { disable_cuda_graph: false }, "--no-disable-cuda-graph", false],
    ["its own seed", { random_seed: 3 }, "3", true],
    ["the older name for streaming what is new", { stream_output: true }, "--incremental-streaming-output", false],
    ["a map", { json_model_override_args: { a: 1 } }, '{"a":1}', true],
  ])("%s", (_, args, word, isThere) => {
    expect(planned(args).argv.includes(word)).toBe(isThere);
  });

  test.each<[string, { readonly [name: string]: Json }, Partial<Suite>, readonly string[]]>([
    ["an address", { host: "::", port: 1 }, {}, ["engines/argument-owned", "engines/argument-owned"]],
    ["a second model", { model_path: "org/other" }, {}, ["engines/argument-owned"]],
    ["a prompt that may be cut", { allow_auto_truncate: true }, {}, ["engines/argument-owned"]],
    ["a name that facts do not use", { tp: 2 }, {}, ["engines/argument-short"]],
    ["no model", {}, { model: null }, ["engines/model-missing"]],
  ])("refuses %s", async (_, args, more, codes) => {
    expect((await problemsOf(async () => planned(args, more))).map(({ code }) => code)).toEqual(codes);
  });
});

describe("an answer", () => {
  test.each<[string, FakeSglangOptions]>([
    ["that streams what is new", {}],
    ["that streams what is new, several tokens at once", { perEvent: 5 }],
    ["that repeats the whole in every event", { streaming: "cumulative" }],
    ["that repeats the whole, several tokens at once", { streaming: "cumulative", perEvent: 5 }],
    ["that comes in one piece", { perEvent: 100 }],
  ])("%s", async (_, options) => {
    const { session } = await opened(options);
    const completion = await session.complete(requestOf(), () => "continue");
    expect([...(completion.tokenIds ?? [])]).toEqual(fakeTokens.map(({ id }) => id));
    expect([...(completion.logprobs ?? [])]).toEqual(fakeTokens.map(({ logprob }) => logprob));
    expect([...(completion.margins ?? [])]).toEqual(
      fakeTokens.map(({ logprob, otherLogprob }) => Math.fround(logprob - otherLogprob)),
    );
    expect(completion.text).toBe(fakeTokens.map(({ text }) => text).join(""));
    expect([...(completion.promptTokenIds ?? [])]).toEqual([1, 2, 3]);
    expect(completion.finishReason).toBe("stop");
  });

  test.each<[string, FakeSglangOptions, string, string]>([
    ["an abort", { finish: { type: "abort", message: "Out of memory" } }, "engines/error-in-stream", "Out of memory"],
    ["a reused prompt", { cached: 2 }, "engines/prompt-cache-used", "2 prompt tokens"],
  ])("%s is no answer", async (_, options, code, found) => {
    const { session } = await opened(options);
    const [problem] = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect(problem?.code).toBe(code);
    expect(problem?.found).toContain(found);
  });

  test("without ids is enough on tier text", async () => {
    const { session } = await opened({ behaviour: "without ids" });
    const completion = await session.complete(requestOf(samplingOf(), { needsTokenIds: false }), () => "continue");
    expect([completion.tokenIds, completion.text]).toEqual([null, fakeTokens.map(({ text }) => text).join("")]);
  });
});

describe("a request", () => {
  test("has every sampling field under SGLang's name", async () => {
    const { server, session } = await opened();
    await session.complete(requestOf(samplingOf({ temperature: 0.8 }, { regex: "a+" })), () => "continue");
    expect(bodiesOf(server)).toEqual([
      ["/tokenize", { prompt: "Tell me of the sea, é and 🎉.", add_special_tokens: true }],
      [
        "/generate",
        {
          input_ids: [1, 2, 3],
          sampling_params: {
            n: 1,
            temperature: 0.8,
            top_p: 1,
            top_k: -1,
            min_p: 0,
            sampling_seed: 7,
            max_new_tokens: 16,
            min_new_tokens: 0,
            presence_penalty: 0,
            frequency_penalty: 0,
            repetition_penalty: 1,
            stop: [],
            stop_token_ids: [],
            ignore_eos: false,
            skip_special_tokens: true,
            regex: "a+",
          },
          return_logprob: true,
          top_logprobs_num: 2,
          logprob_start_len: -1,
          stream: true,
        },
      ],
    ]);
  });

  test("that the server refuses shows the server's words", async () => {
    const { session } = await opened();
    const sampling = samplingOf({}, { regex: 5 });
    const [problem] = await problemsOf(() => session.complete(requestOf(sampling), () => "continue"));
    expect([problem?.code, problem?.evidence.join()]).toEqual([
      "engines/http-status",
      expect.stringContaining("regex"),
    ]);
  });

  test("whose prompt fills the context is not sent", async () => {
    const { server, session } = await opened();
    const prompt: Prompt = { kind: "tokens", tokenIds: Array.from({ length: 2048 }, () => 5) };
    const [problem] = await problemsOf(() => session.complete(requestOf(samplingOf(), { prompt }), () => "continue"));
    expect(problem?.code).toBe("engines/context-too-long");
    expect(bodiesOf(server)).toEqual([]);
  });
});

describe("the server", () => {
  const sampled = caseOf(samplingOf({ temperature: 0.8 }));

  test.each<[string, FakeSglangOptions, Case, readonly string[]]>([
    ["deterministic, and a case that samples", {}, sampled, []],
    [
      "not deterministic, and a greedy case",
      { info: { enable_deterministic_inference: false } },
      caseOf(samplingOf({ temperature: 0 })),
      [],
    ],
    [
      "not deterministic, and a case that samples",
      { info: { enable_deterministic_inference: false } },
      sampled,
      ["engines/field-not-honoured"],
    ],
  ])("%s", async (_, options, one, codes) => {
    const problems = await problemsOf(() => opened(options, [one]));
    expect(problems.map(({ code }) => code)).toEqual(codes);
    if (codes.length > 0) expect(problems[0]?.title).toContain("seed");
  });

  test.each(["/server_info", "/get_server_info"])("tells at %s what is in force", async (infoPath) => {
    const { session } = await opened({ infoPath });
    const facts = Object.fromEntries((await session.describe()).map(({ key, value }) => [key, value]));
    expect(facts).toMatchObject({
      "engine.name": "SGLang",
      "engine.version": "0.5.23",
      "engine.context": 2048,
      "engine.config.attention-backend": "fa3",
      "engine.config.enable-deterministic-inference": true,
      "engine.config.max-running-requests": 1,
      "model.name": "tiny",
    });
    expect(Object.keys(facts).filter((key) => /launch|memory|mem-|startup|path/.test(key))).toEqual([]);
  });
});
