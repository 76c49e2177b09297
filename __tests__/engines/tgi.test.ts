import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { tgi } from "../../src/engines/tgi/tgi.ts";
import type { Prompt } from "../../src/model/case.ts";
import type { Json } from "../../src/model/json.ts";
import type { Suite } from "../../src/model/suite.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { fakeTokens } from "./fake-model.ts";
import type { FakeServer } from "./fake-server.ts";
import { type FakeTgiOptions, type FakeToken, fakeTgi } from "./fake-tgi-server.ts";
import { caseOf, requestOf, runningAt, samplingOf, source, suiteOf } from "./sample-suite.ts";

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const revision = "0123456789abcdef0123456789abcdef01234567";
const hub = { name: "org/model", revision, path: null, source };

async function opened(options: FakeTgiOptions = {}, more: Partial<Suite> = {}) {
  const server = await fakeTgi(options);
  servers.push(server);
  return { server, session: await tgi.open(runningAt(server.baseUrl), suiteOf({ name: "tgi" }, more)) };
}
const bodyOf = (server: FakeServer) =>
  JSON.parse(server.received.findLast(({ path }) => path === "/generate_stream")?.text ?? "{}");
const messages: Prompt = { kind: "messages", messages: [{ role: "user", content: "Hi" }] };

describe("the launch", () => {
  const planned = (args: { readonly [name: string]: Json } = {}, more: Partial<Suite> = {}) =>
    tgi.plan(suiteOf({ name: "tgi", args }, more));

  test("has everything on the command line that makes two launches agree", () => {
    const { argv, env, readiness } = planned({ dtype: "bfloat16" }, { model: hub });
    expect(argv).toEqual([
      ...["text-generation-launcher", "--model-id", "org/model", "--revision", revision],
      ...["--max-batch-size", "1", "--cuda-graphs", "0", "--dtype", "bfloat16"],
      ...["--hostname", { slot: "host" }, "--port", { slot: "port" }],
    ]);
    expect(env).toEqual({ PREFIX_CACHING: "0" });
    expect(readiness).toEqual([{ kind: "http", path: "/health", status: 200 }]);
  });

  test("leaves out a switch that is off, and what the suite gives itself", () => {
    const { argv } = planned({ trust_remote_code: false, cuda_graphs: "1,2" });
    expect(argv.filter((word) => String(word).includes("trust"))).toEqual([]);
    expect(argv.filter((word) => word === "--cuda-graphs")).toHaveLength(1);
  });

  const tokens: Prompt = { kind: "tokens", tokenIds: [1, 2] };
  test.each<[string, { readonly [name: string]: Json }, Partial<Suite>, readonly string[]]>([
    ["an address", { hostname: "::", port: 1 }, {}, ["engines/argument-owned", "engines/argument-owned"]],
    ["a second model", { model_id: "org/other" }, {}, ["engines/argument-owned"]],
    ["no model", {}, { model: null }, ["engines/model-missing"]],
    ["a prompt of token ids", {}, { cases: [caseOf(samplingOf(), tokens)] }, ["engines/token-prompt"]],
    [
      "one for a server that runs already",
      {},
      { cases: [caseOf(samplingOf(), tokens)], runtime: "attached" },
      ["engines/token-prompt"],
    ],
  ])("refuses %s", async (_, args, more, codes) => {
    const problems = await problemsOf(async () => planned(args, more));
    expect(problems.map(({ code }) => code)).toEqual(codes);
    expect(problems.every(({ location }) => location !== null)).toBe(true);
  });
});

describe("a request", () => {
  const sent = async (params: Parameters<typeof samplingOf>[0]) => {
    const { server, session } = await opened();
    await session.complete(requestOf(samplingOf(params, { typical_p: 0.9 })), () => "continue");
    return bodyOf(server);
  };
  const always = {
    seed: 7,
    max_new_tokens: 16,
    frequency_penalty: 0,
    repetition_penalty: 1,
    stop: [],
    top_n_tokens: 2,
    details: true,
    decoder_input_details: false,
    return_full_text: false,
    typical_p: 0.9,
  };

  test.each<[string, Parameters<typeof samplingOf>[0], object]>([
    [
      "is greedy without a filter, as any of them makes TGI sample",
      { temperature: 0, top_k: 5, top_p: 0.5 },
      { do_sample: false },
    ],
    ["samples", { temperature: 0.8 }, { do_sample: true, temperature: 0.8 }],
    [
      "names filters that filter",
      { temperature: 1, top_k: 5, top_p: 0.5 },
      { do_sample: true, temperature: 1, top_k: 5, top_p: 0.5 },
    ],
  ])("%s", async (_, params, parameters) => {
    expect(await sent(params)).toEqual({
      inputs: "Tell me of the sea, é and 🎉.",
      parameters: { ...always, ...parameters },
    });
  });

  test("that the server refuses shows the server's words", async () => {
    const { session } = await opened();
    const [problem] = await problemsOf(() =>
      session.complete(requestOf(samplingOf({ logprobs: 9 })), () => "continue"),
    );
    expect([problem?.code, problem?.found]).toEqual([
      "engines/error-in-stream",
      expect.stringContaining("top_n_tokens"),
    ]);
  });

  test("whose prompt is longer than the server takes is not sent", async () => {
    const { server, session } = await opened({ info: { max_input_tokens: 8 } });
    const [problem] = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect(problem?.code).toBe("engines/context-too-long");
    expect(bodyOf(server)).toEqual({});
  });
});

describe("messages", () => {
  test.each(["with special token", "without special token"] as const)(
    "become the text that has the template's ids, from a template %s",
    async (template) => {
      const { server, session } = await opened({ template });
      const asked = requestOf(samplingOf(), { prompt: messages });
      if (template === "with special token") {
        const completion = await session.complete(asked, () => "continue");
        // The server adds the special token itself.
        expect(bodyOf(server).inputs).toBe("[Hi]");
        expect([...(completion.promptTokenIds ?? [])]).toEqual([1, 91, 72, 105, 93]);
        return;
      }
      const [problem] = await problemsOf(() => session.complete(asked, () => "continue"));
      expect([problem?.code, bodyOf(server)]).toEqual(["engines/chat-prompt-inexact", {}]);
    },
  );
});

describe("an answer", () => {
  test("recorded by TGI's own tests is read to the last bit", async () => {
    const recorded: { tokens: FakeToken[]; generated_text: string } = JSON.parse(
      readFileSync(new URL("../fixtures/tgi/gpt2-tokens.json", import.meta.url), "utf8"),
    );
    const { session } = await opened({
      tokens: recorded.tokens,
      whole: recorded.generated_text,
      finishReason: "length",
    });
    const completion = await session.complete(requestOf(), () => "continue");
    expect([...(completion.tokenIds ?? [])]).toEqual(recorded.tokens.map(({ id }) => id));
    expect([...(completion.logprobs ?? [])]).toEqual(recorded.tokens.map(({ logprob }) => Math.fround(logprob)));
    expect([completion.text, completion.finishReason]).toEqual([recorded.generated_text, "length"]);
  });

  test("leaves the text of special tokens out, in the stream as in the whole", async () => {
    const tokens = [
      { id: 5, text: "Yes", logprob: -0.5, special: false },
      { id: 2, text: "</s>", logprob: -0.25, special: true },
    ];
    const { session } = await opened({ tokens, whole: "Yes" });
    const streamed: string[] = [];
    const completion = await session.complete(requestOf(), ({ text }) => {
      streamed.push(text);
      return "continue";
    });
    expect([completion.text, streamed]).toEqual(["Yes", ["Yes", ""]]);
    expect([...(completion.tokenIds ?? [])]).toEqual([5, 2]);
  });

  test("with another number of tokens than the server counted is none", async () => {
    const { session } = await opened({ counted: 9 });
    const [problem] = await problemsOf(() => session.complete(requestOf(), () => "continue"));
    expect([problem?.code, problem?.found]).toEqual([
      "engines/token-count",
      `${fakeTokens.length} tokens received, 9 counted by the engine`,
    ]);
  });
});

describe("the server", () => {
  test.each<[string, { readonly [name: string]: unknown }, readonly string[]]>([
    ["of the model and revision", { model_id: "org/model", model_sha: revision }, []],
    ["that does not tell its revision", { model_id: "org/model", model_sha: null }, []],
    ["of another revision", { model_id: "org/model", model_sha: "f".repeat(40) }, ["engines/wrong-model"]],
    ["of another model", { model_id: "org/other", model_sha: revision }, ["engines/wrong-model"]],
  ])("%s", async (_, info, codes) => {
    expect((await problemsOf(() => opened({ info }, { model: hub }))).map(({ code }) => code)).toEqual(codes);
  });

  test("of a local model is known by the suite's name for it, not by a path", async () => {
    const { session } = await opened();
    expect(await session.describe()).toContainEqual({ key: "model.name", value: "tiny", source: "GET /info" });
  });

  test("tells version, build and limits", async () => {
    const { session } = await opened({ info: { model_id: "org/model", model_sha: revision } }, { model: hub });
    expect(Object.fromEntries((await session.describe()).map(({ key, value }) => [key, value]))).toEqual({
      "engine.name": "TGI",
      "engine.version": "3.3.6-dev0",
      "engine.build": "db931fcf",
      "engine.max-input-tokens": 2047,
      "engine.max-total-tokens": 2048,
      "model.name": "org/model",
      "model.revision": revision,
    });
  });
});
