import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { vllmServer } from "../../src/engines/vllm-server/vllm-server.ts";
import type { Case, Prompt } from "../../src/model/case.ts";
import type { Json } from "../../src/model/json.ts";
import type { SamplingField } from "../../src/model/sampling-params.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { fakeTokens } from "./fake-model.ts";
import type { FakeServer } from "./fake-server.ts";
import { type FakeVllmOptions, fakeVllm } from "./fake-vllm-server.ts";
import { caseOf, requestOf, runningAt, samplingOf } from "./sample-suite.ts";
import { serverSuite } from "./vllm-server-suite.ts";

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function opened(options: FakeVllmOptions = {}, cases: readonly Case[] = []) {
  const server = await fakeVllm(options);
  servers.push(server);
  return {
    server,
    session: await vllmServer.open(runningAt(server.baseUrl), serverSuite({}, { cases })),
  };
}

const messages: Prompt = { kind: "messages", messages: [{ role: "user", content: "Hi" }] };
const text: Prompt = { kind: "text", text: "Once" };
const bodiesOf = (server: FakeServer) =>
  server.received.filter(({ method }) => method === "POST").map(({ path, text: sent }) => [path, JSON.parse(sent)]);
const ids = fakeTokens.map(({ id }) => id);

describe("prompts", () => {
  test.each<[string, Prompt, FakeVllmOptions, string[]]>([
    ["text is tokenised by the server", text, {}, ["/tokenize", "/v1/completions"]],
    ["messages go through the server's template", messages, {}, ["/tokenize", "/v1/completions"]],
    [
      "messages are rendered where tokenising is not offered",
      messages,
      { withoutPaths: ["/tokenize"] },
      ["/tokenize", "/v1/chat/completions/render", "/v1/completions"],
    ],
    [
      "messages are sent as a chat where nothing renders",
      messages,
      { withoutPaths: ["/tokenize", "/v1/chat/completions/render"] },
      ["/tokenize", "/v1/chat/completions/render", "/v1/chat/completions"],
    ],
    [
      "text is sent where tokenising is not offered",
      text,
      { withoutPaths: ["/tokenize"] },
      ["/tokenize", "/v1/completions"],
    ],
  ])("%s", async (_, prompt, options, paths) => {
    const { server, session } = await opened(options);
    const completion = await session.complete(requestOf(samplingOf(), { prompt }), () => "continue");
    expect(bodiesOf(server).map(([path]) => path)).toEqual(paths);
    expect([...(completion.promptTokenIds ?? [])]).toEqual([1, 2, 3]);
    expect([...(completion.tokenIds ?? [])]).toEqual(ids);
  });

  test("one that fills the context is refused before it is sent", async () => {
    const { server, session } = await opened();
    const prompt: Prompt = { kind: "tokens", tokenIds: Array.from({ length: 2048 }, () => 5) };
    const [problem] = await problemsOf(() => session.complete(requestOf(samplingOf(), { prompt }), () => "continue"));
    expect([problem?.code, problem?.found]).toEqual(["engines/context-too-long", "2048 prompt tokens"]);
    expect(bodiesOf(server)).toEqual([]);
  });
});

test("a prompt with a token that the model has no row for is not sent: the real server's engine does not survive it", async () => {
  const { server, session } = await opened({ attested: { facts: { "engine.threads": 1, "model.rows": 3 } } });
  const [problem] = await problemsOf(() =>
    session.complete(requestOf(samplingOf(), { prompt: text }), () => "continue"),
  );
  expect([problem?.code, problem?.found, problem?.expected]).toEqual([
    "engines/token-not-in-model",
    "token 3",
    "ids below 3, the rows of the model's embedding",
  ]);
  expect(bodiesOf(server).map(([path]) => path)).toEqual(["/tokenize"]);
});

test("an answer that ends because the context is full is no answer of max_tokens", async () => {
  const { session } = await opened({ finishReason: "length" });
  const asked = (tokens: number) =>
    problemsOf(() => session.complete(requestOf(samplingOf({ max_tokens: tokens })), () => "continue"));
  expect(await asked(12)).toEqual([]);
  expect((await asked(16)).map(({ code, title, found }) => [code, title, found])).toEqual([
    [
      "engines/context-full",
      "The context of engine vllm-server was full in case sea after 12 tokens.",
      "12 tokens in a context of 2048",
    ],
  ]);
});

describe("every sampling field", () => {
  test("is sent, off written as every version takes it", async () => {
    const { server, session } = await opened();
    await session.complete(requestOf(samplingOf({}, { logit_bias: { "5": -100 } })), () => "continue");
    expect(bodiesOf(server).at(-1)?.[1]).toEqual({
      model: "tiny",
      prompt: [1, 2, 3],
      n: 1,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 1,
      top_p: 1,
      top_k: -1,
      min_p: 0,
      seed: 7,
      max_tokens: 16,
      min_tokens: 0,
      presence_penalty: 0,
      frequency_penalty: 0,
      repetition_penalty: 1,
      stop: [],
      stop_token_ids: [],
      ignore_eos: false,
      skip_special_tokens: true,
      logprobs: 2,
      return_token_ids: true,
      return_tokens_as_token_ids: true,
      logit_bias: { "5": -100 },
    });
  });

  const given = (field: SamplingField) => caseOf({ ...samplingOf({ min_p: 0.1 }), given: [field] });
  const extra = (field: string, value: Json) => caseOf(samplingOf({}, { [field]: value }));

  test.each<[string, FakeVllmOptions, Case, string | null]>([
    ["known", {}, given("min_p"), null],
    ["one of vLLM's own, known", {}, extra("bad_words", ["x"]), null],
    ["younger than the server", { unknownFields: ["min_p"] }, given("min_p"), "min_p"],
    ["older than the server", {}, extra("guided_regex", "a+"), "guided_regex"],
    ["given to a server that does not describe itself", { withoutPaths: ["/openapi.json"] }, given("min_p"), null],
    ["of vLLM's own and not provable", { withoutPaths: ["/openapi.json"] }, extra("bad_words", ["x"]), "bad_words"],
  ])("%s", async (_, options, one, refused) => {
    const problems = await problemsOf(() => opened(options, [one]));
    expect(problems.map(({ code }) => code)).toEqual(refused === null ? [] : ["engines/field-not-honoured"]);
    if (refused !== null) {
      expect(problems[0]?.title).toContain(`vLLM 0.32.0 does not honour ${refused}`);
      expect(problems[0]?.location).toEqual(one.source);
    }
  });
});

describe("older servers", () => {
  test("tell ids in the log-probabilities, and are not sent what they do not know", async () => {
    const { server, session } = await opened({ unknownFields: ["return_token_ids", "min_p"] });
    const completion = await session.complete(requestOf(), () => "continue");
    expect([...(completion.tokenIds ?? [])]).toEqual(ids);
    expect([...(completion.logprobs ?? [])]).toEqual(fakeTokens.map(({ logprob }) => logprob));
    const sent = Object.keys(bodiesOf(server).at(-1)?.[1]);
    expect(sent).toContain("return_tokens_as_token_ids");
    expect(sent.filter((name) => name === "return_token_ids" || name === "min_p")).toEqual([]);
  });
});

describe("what a server answers", () => {
  test("a stream recorded from vLLM 0.32.0 is read to the last bit, an unlikely token's negative margin included", async () => {
    const stream = readFileSync(new URL("../fixtures/vllm/completion-stream-0.32.0.sse", import.meta.url), "utf8");
    const { session } = await opened({ replay: stream });
    const completion = await session.complete(requestOf(samplingOf({ max_tokens: 3 })), () => "continue");
    expect([...(completion.tokenIds ?? [])]).toEqual([183, 447, 322]);
    expect([...(completion.logprobs ?? [])]).toEqual([-1.8984942436218262, -2.0530712604522705, -3.663918972015381]);
    expect([...(completion.margins ?? [])]).toEqual(
      [
        -1.8984942436218262 + 1.8619847297668457,
        -2.0530712604522705 + 2.3376753330230713,
        -3.663918972015381 + 2.4313254356384277,
      ].map(Math.fround),
    );
    expect(completion.finishReason).toBe("length");
  });

  test("a refused request shows the server's own words", async () => {
    const { session } = await opened();
    const sampling = samplingOf({}, { logit_bias: "none" });
    const [problem] = await problemsOf(() => session.complete(requestOf(sampling), () => "continue"));
    expect(problem?.code).toBe("engines/http-status");
    expect(problem?.found).toContain("answered 400");
    expect(problem?.evidence.join("\n")).toContain("logit_bias");
  });

  test("a failure of its own shows what its processes raised, what to do, and where the whole log is", async () => {
    const server = await fakeVllm({ behaviour: "error" });
    servers.push(server);
    const logTail = () => [
      "(Worker pid=9) ERROR 11-26 11:52:44 [multiproc_executor.py:1063] Traceback (most recent call last):",
      "(Worker pid=9) ERROR 11-26 11:52:44 [multiproc_executor.py:1063] RuntimeError: CUDA out of memory. Tried to",
    ];
    const session = await vllmServer.open({ ...runningAt(server.baseUrl), logTail }, serverSuite());
    const [problem] = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect(problem?.code).toBe("engines/http-status");
    expect(problem?.evidence).toContain("in its log: RuntimeError: CUDA out of memory. Tried to");
    expect(problem?.help[0]).toContain("Not enough memory");
    expect(problem?.help.at(-1)).toBe("The whole log of the engine: /state/logs/1.log");
  });

  test("a request that the server gave up on is no completion", async () => {
    const { session } = await opened({ finishReason: "abort" });
    const [problem] = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect([problem?.code, problem?.found]).toEqual(["engines/error-in-stream", '"finish_reason abort"']);
  });
});

describe("what is in force", () => {
  test("is measured inside the server, beside what its paths say", async () => {
    const { session } = await opened();
    const facts = Object.fromEntries((await session.describe()).map(({ key, value }) => [key, value]));
    expect(facts).toEqual({
      "engine.name": "vLLM",
      "engine.version": "0.32.0",
      "engine.context": 2048,
      "engine.threads": 1,
      "model.name": "tiny",
      "package.torch": "2.13.0",
    });
  });

  test("and is not what was asked: nothing is sent", async () => {
    const refused = { reason: "setting-not-in-force", subject: "threads", found: "2", expected: "1", hints: [] };
    const problems = await problemsOf(() => opened({ attested: { refused } }));
    expect(problems.map(({ code }) => code)).toEqual(["engines/setting-not-in-force"]);
    expect([problems[0]?.found, problems[0]?.expected]).toEqual(["2", "1"]);
  });

  test("cannot be told by a server that somebody else started, which is asked nothing of it", async () => {
    const server = await fakeVllm({ withoutPaths: ["/inference-gate/facts"] });
    servers.push(server);
    const suite = serverSuite({ url: server.baseUrl }, { runtime: "attached", determinism: null });
    const session = await vllmServer.open(runningAt(server.baseUrl), suite);
    expect((await session.describe()).map(({ key }) => key)).toEqual([
      "engine.name",
      "engine.version",
      "model.name",
      "engine.context",
    ]);
    expect(server.received.map(({ path }) => path)).not.toContain("/inference-gate/facts");
  });
});
