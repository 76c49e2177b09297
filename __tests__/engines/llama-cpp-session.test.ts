import { afterEach, describe, expect, test } from "@jest/globals";
import { llamaCpp } from "../../src/engines/llama-cpp/llama-cpp.ts";
import { unknownTokenId } from "../../src/model/completion.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { type FakeLlamaOptions, fakeLlama } from "./fake-llama-server.ts";
import { fakeTokens } from "./fake-model.ts";
import type { FakeServer } from "./fake-server.ts";
import { requestOf, runningAt, samplingOf, suiteOf } from "./sample-suite.ts";

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function opened(options: FakeLlamaOptions = {}, suite = suiteOf({ name: "llama-cpp", args: { threads: 2 } })) {
  const server = await fakeLlama(options);
  servers.push(server);
  const running = runningAt(server.baseUrl);
  return { server, running, session: await llamaCpp.open(running, suite) };
}

const bodyOf = (server: FakeServer) =>
  JSON.parse(server.received.findLast(({ path }) => path === "/completion")?.text ?? "{}");

describe("what is sent", () => {
  test("a text prompt as the server's own token ids, with special tokens", async () => {
    const { server, session } = await opened();
    const { promptTokenIds } = await session.complete(
      requestOf(samplingOf(), { prompt: { kind: "text", text: "é" } }),
      () => "continue",
    );
    expect([...(promptTokenIds ?? [])]).toEqual([0xc3, 0xa9]);
    expect(bodyOf(server).prompt).toEqual([0xc3, 0xa9]);
    expect(JSON.parse(server.received.find(({ path }) => path === "/tokenize")?.text ?? "")).toEqual({
      content: "é",
      add_special: true,
      parse_special: true,
    });
  });

  test("messages through the server's chat template", async () => {
    const { server, session } = await opened();
    const messages = [{ role: "user", content: "Hi" }];
    await session.complete(requestOf(samplingOf(), { prompt: { kind: "messages", messages } }), () => "continue");
    expect(JSON.parse(server.received.find(({ path }) => path === "/apply-template")?.text ?? "")).toEqual({
      messages,
    });
    expect(bodyOf(server).prompt).toEqual([...Buffer.from("<chat>1")]);
  });

  test("every sampler setting, though the suite gives none of them", async () => {
    const { server, session } = await opened();
    await session.complete(requestOf(samplingOf({ repetition_penalty: 1.25 }, { typical_p: 0.5 })), () => "continue");
    expect(bodyOf(server)).toMatchObject({
      stream: true,
      cache_prompt: false,
      return_tokens: true,
      n_probs: 2,
      n_predict: 16,
      repeat_penalty: 1.25,
      typical_p: 0.5,
      mirostat: 0,
      dry_multiplier: 0,
      xtc_probability: 0,
      dynatemp_range: 0,
      samplers: ["penalties", "dry", "top_n_sigma", "top_k", "typ_p", "top_p", "min_p", "xtc", "temperature"],
    });
  });

  test("nothing, for a seed that llama.cpp would replace by a random one", async () => {
    const { session } = await opened();
    const problems = await problemsOf(() =>
      session.complete(requestOf(samplingOf({ seed: 2 ** 32 - 1 })), () => "continue"),
    );
    expect(problems.map(({ code, found }) => [code, found])).toEqual([
      ["engines/seed-out-of-range", "seed 4294967295"],
    ]);
  });
});

describe("what comes back", () => {
  test("margins are chosen minus best other, negative when a less likely token was drawn", async () => {
    const unlikely = { id: 5, text: "x", logprob: Math.fround(-4.1), otherId: 6, otherLogprob: Math.fround(-0.3) };
    const { session } = await opened({ tokens: [[unlikely]] });
    const { margins, logprobs } = await session.complete(requestOf(), () => "continue");
    expect([...(logprobs ?? [])]).toEqual([unlikely.logprob]);
    expect([...(margins ?? [])]).toEqual([Math.fround(unlikely.logprob - unlikely.otherLogprob)]);
  });

  test("tokens that the server holds back for one character are counted and unknown, never invented", async () => {
    const [first, second, third, fourth] = fakeTokens.slice(0, 4);
    if (!first || !second || !third || !fourth) throw new Error("too few tokens");
    const { session } = await opened({ tokens: [[first], [second, third, fourth]] });
    const ids: (number | null)[] = [];
    const completion = await session.complete(requestOf(), ({ id }) => {
      ids.push(id);
      return "continue";
    });
    expect([...(completion.tokenIds ?? [])]).toEqual([first.id, unknownTokenId, unknownTokenId, fourth.id]);
    expect(ids).toEqual([first.id, null, null, fourth.id]);
    expect([...(completion.logprobs ?? [])].map(Number.isNaN)).toEqual([false, true, true, false]);
    expect(completion.text).toBe(first.text + second.text + third.text + fourth.text);
  });

  test.each([
    ["another value", { top_k: 40 }, {}, "top_k"],
    ["another order of samplers", { samplers: ["temperature", "top_k"] }, {}, "samplers"],
    ["a field of the suite that is not repeated", { mirostat: undefined }, { mirostat: 2 }, "mirostat"],
  ])("a setting that was not taken is named: %s", async (_, settings, extra, field) => {
    const { session } = await opened({ settings });
    const problems = await problemsOf(() => session.complete(requestOf(samplingOf({}, extra)), () => "continue"));
    expect(problems.map(({ code }) => code)).toEqual(["engines/field-not-taken"]);
    expect(problems[0]?.title).toContain(field);
  });

  test("single precision of the same value is no difference", async () => {
    const { session } = await opened();
    const sampling = samplingOf({ temperature: 0.7, top_p: 0.95, min_p: 0.05 });
    expect((await session.complete(requestOf(sampling), () => "continue")).finishReason).toBe("stop");
  });

  test("a prompt taken from the cache is an error", async () => {
    const { session } = await opened({ cached: 31 });
    const problems = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect(problems.map(({ code }) => code)).toEqual(["engines/prompt-cache-used"]);
  });

  test("the next request waits until the one that was left is gone", async () => {
    const { server, session } = await opened();
    await session.complete(requestOf(), () => "stop");
    await session.complete(requestOf(), () => "continue");
    const paths = server.received.map(({ path }) => path);
    expect(paths.slice(paths.indexOf("/completion") + 1)).toContain("/slots");
  });
});

describe("who answers", () => {
  test("a server with several slots is refused together with a wrong model", async () => {
    const problems = await problemsOf(() => opened({ slots: 4, behaviour: "another model" }));
    expect(problems.map(({ code }) => code)).toEqual(["engines/several-slots", "engines/wrong-model"]);
    expect(problems[1]?.found).toContain("other.gguf");
    expect(problems[1]?.expected).toContain("tiny.gguf");
  });

  test("a model without a path is known by the server's alias or file name", async () => {
    const named = (name: string) =>
      suiteOf(
        { name: "llama-cpp" },
        { model: { name, path: null, revision: null, source: suiteOf({ name: "llama-cpp" }).engine.source } },
      );
    const options = { modelPath: "/models/tiny.gguf" };
    expect(await problemsOf(() => opened(options, named("tiny")))).toEqual([]);
    expect(await problemsOf(() => opened(options, named("tiny.gguf")))).toEqual([]);
    expect((await problemsOf(() => opened(options, named("large")))).map(({ code }) => code)).toEqual([
      "engines/wrong-model",
    ]);
  });

  test("facts hold the options, the build and the digest of the chat template, and no address", async () => {
    const { session, server } = await opened();
    const facts = new Map((await session.describe()).map(({ key, value }) => [key, value]));
    expect(facts.get("engine.flag.threads")).toBe(2);
    expect(facts.get("engine.build")).toBe("b1-fake");
    expect(facts.get("model.name")).toBe("tiny.gguf");
    expect(facts.get("model.chat_template")).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(JSON.stringify([...facts])).not.toContain(new URL(server.baseUrl).port);
  });

  test("a server that has gone away is an engine that cannot be reached", async () => {
    const { server, session } = await opened();
    servers.splice(0);
    await server.stop();
    const problems = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect(problems.map(({ code }) => code)).toEqual(["engines/unreachable"]);
  });

  test("a process that ended is named with its exit and its log", async () => {
    const { server, running, session } = await opened();
    servers.splice(0);
    await server.stop();
    running.die(137);
    const problems = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect(problems.map(({ code, found, evidence }) => [code, found, evidence])).toEqual([
      ["engines/died", "exit code 137 (SIGKILL)", ["the last line of the log"]],
    ]);
  });
});
