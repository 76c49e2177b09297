import { afterEach, describe, expect, test } from "@jest/globals";
import { openAi } from "../../src/engines/openai/openai.ts";
import type { Case } from "../../src/model/case.ts";
import type { SamplingField } from "../../src/model/sampling-params.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { fakeTokens } from "./fake-model.ts";
import { type FakeOpenAiOptions, fakeOpenAi } from "./fake-openai-server.ts";
import type { FakeServer } from "./fake-server.ts";
import { caseOf, requestOf, runningAt, samplingOf, suiteOf } from "./sample-suite.ts";

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function opened(options: FakeOpenAiOptions = {}, cases: readonly Case[] = [], env: Record<string, string> = {}) {
  const server = await fakeOpenAi(options);
  servers.push(server);
  const suite = suiteOf({ name: "openai", command: ["vllm"], env }, { cases });
  return { server, session: await openAi.open(runningAt(server.baseUrl), suite) };
}

const messages = { kind: "messages", messages: [{ role: "user", content: "Hi" }] } as const;
const bodyOf = (server: FakeServer) =>
  JSON.parse(server.received.findLast(({ method }) => method === "POST")?.text ?? "{}");
const ids = fakeTokens.map(({ id }) => id);

describe("ids and log-probabilities", () => {
  test.each<[string, FakeOpenAiOptions, object]>([
    ["from token_ids", {}, {}],
    ["from token_id:N in the log-probabilities", { ids: "in logprobs" }, {}],
    ["with several tokens in one event", { perEvent: 5 }, {}],
    ["of a chat", {}, { prompt: messages }],
    ["of a chat, from the log-probabilities", { ids: "in logprobs", perEvent: 2 }, { prompt: messages }],
  ])("%s", async (_, options, more) => {
    const { session } = await opened(options);
    const completion = await session.complete(requestOf(samplingOf(), more), () => "continue");
    expect([...(completion.tokenIds ?? [])]).toEqual(ids);
    expect([...(completion.logprobs ?? [])]).toEqual(fakeTokens.map(({ logprob }) => logprob));
    expect([...(completion.margins ?? [])]).toEqual(
      fakeTokens.map(({ logprob, otherLogprob }) => Math.fround(logprob - otherLogprob)),
    );
    expect([...(completion.promptTokenIds ?? [])]).toEqual([1, 2, 3]);
    expect(completion.text).toBe(fakeTokens.map(({ text }) => text).join(""));
  });

  test("are not needed on tier text", async () => {
    const { session } = await opened({ behaviour: "without ids" });
    const completion = await session.complete(requestOf(samplingOf(), { needsTokenIds: false }), () => "continue");
    expect(completion.tokenIds).toBeNull();
    expect(completion.text).toBe(fakeTokens.map(({ text }) => text).join(""));
  });

  test("a message without them names both ways out", async () => {
    const { session } = await opened({ behaviour: "without ids" });
    const [problem] = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect(problem?.help.join("\n")).toContain("llama-cpp");
    expect(problem?.help.join("\n")).toContain("tier: text");
  });
});

describe("server families", () => {
  const giving = (field: SamplingField): Case => {
    const sampling = samplingOf({ repetition_penalty: 1.5 });
    return caseOf({ ...sampling, given: [...sampling.given, field] });
  };

  test.each<[string, SamplingField, boolean]>([
    ["vllm", "min_tokens", true],
    ["llamacpp", "min_tokens", false],
    ["llamacpp", "repetition_penalty", true],
    ["openai", "top_k", false],
    ["system", "min_p", false],
    ["somebody", "top_k", true],
  ])("%s and a suite that gives %s: honoured is %s", async (ownedBy, field, isHonoured) => {
    const problems = await problemsOf(() => opened({ ownedBy }, [giving(field)]));
    expect(problems.map(({ code }) => code)).toEqual(isHonoured ? [] : ["engines/field-not-honoured"]);
    if (!isHonoured) {
      expect(problems[0]?.title).toContain(field);
      expect(problems[0]?.location?.line).toBe(20);
    }
  });

  test("llama.cpp is told its own names and vLLM's stay away from OpenAI's service", async () => {
    const llama = await opened({ ownedBy: "llamacpp", ids: "in logprobs" });
    await llama.session.complete(requestOf(samplingOf({ repetition_penalty: 1.5 })), () => "continue");
    expect(bodyOf(llama.server)).toMatchObject({ repeat_penalty: 1.5, cache_prompt: false });
    const vendor = await opened({ ownedBy: "openai" });
    await vendor.session.complete(requestOf(), () => "continue");
    expect(Object.keys(bodyOf(vendor.server)).sort()).toEqual(
      [
        "frequency_penalty",
        "logprobs",
        "max_tokens",
        "model",
        "n",
        "presence_penalty",
        "prompt",
        "seed",
        "stop",
        "stream",
        "stream_options",
        "temperature",
        "top_p",
      ].sort(),
    );
  });
});

describe("keys", () => {
  test("the key is sent, and shown nowhere", async () => {
    const env = { OPENAI_API_KEY: "sk-very-secret" };
    const { session, server } = await opened({ key: "sk-very-secret", behaviour: "error" }, [], env);
    const problems = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect(problems.map(({ code }) => code)).toEqual(["engines/http-status"]);
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sk-very-secret",
      "Bearer sk-very-secret",
      "Bearer sk-very-secret",
    ]);
    expect(JSON.stringify([problems, await session.describe()])).not.toContain("very-secret");
  });

  test("a missing one is named", async () => {
    const [problem] = await problemsOf(() => opened({ key: "sk-very-secret" }));
    expect(problem?.code).toBe("engines/http-status");
    expect(problem?.help).toEqual(["Give the key of the server in engine.env.OPENAI_API_KEY."]);
  });
});

test("another model is refused before the first case, with both names", async () => {
  const server = await fakeOpenAi();
  servers.push(server);
  const suite = suiteOf(
    { name: "openai", command: ["vllm"] },
    { model: { name: "org/large", path: null, revision: null, source: { file: "suite.yml", line: 1, column: 1 } } },
  );
  const [problem] = await problemsOf(() => openAi.open(runningAt(server.baseUrl), suite));
  expect([problem?.code, problem?.found, problem?.expected]).toEqual(["engines/wrong-model", '"tiny"', '"org/large"']);
});
