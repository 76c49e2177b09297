/** An honest imitation of vLLM's OpenAI-compatible server, in the shapes that the real one sends, and its faults. */
import type { ServerResponse } from "node:http";
import type { Behaviour } from "../contracts/engine-contract.ts";
import { fakeTokens } from "./fake-model.ts";
import { type FakeServer, fakeServer, json, type Route, sendEvents } from "./fake-server.ts";

export interface FakeOpenAiOptions {
  readonly behaviour?: Behaviour;
  readonly ownedBy?: string;
  /** Refuses whoever does not send it. */
  readonly key?: string;
  /** Tokens in one event. */
  readonly perEvent?: number;
  /** How ids are told beside the log-probabilities. */
  readonly ids?: "token_ids" | "in logprobs";
  /** Of the last event with a choice; `stop` by default. */
  readonly finishReason?: string;
  /** Answers every request with this body of an event stream. */
  readonly replay?: string;
  readonly onDeath?: () => void;
}

export function fakeOpenAi(options: FakeOpenAiOptions = {}): Promise<FakeServer> {
  return fakeServer(openAiRoutes(options));
}

export function openAiRoutes(options: FakeOpenAiOptions): { readonly [path: string]: Route } {
  const { ownedBy = "vllm", key } = options;
  const complete =
    (isChat: boolean): Route =>
    async (request, response) => {
      await answer(JSON.parse(request.text), isChat, response, options);
    };
  return {
    "/v1/models": ({ headers }, response) => {
      if (key !== undefined && headers.authorization !== `Bearer ${key}`)
        return json(response, { error: { message: "Unauthorized" } }, 401);
      const model = { id: "tiny", object: "model", owned_by: ownedBy, root: "org/tiny", max_model_len: 2048 };
      json(response, { object: "list", data: [model] });
    },
    "/version": (_, response) => json(response, { version: "0.32.0" }),
    "/v1/completions": complete(false),
    "/v1/chat/completions": complete(true),
  };
}

async function answer(
  asked: { readonly max_tokens: number },
  isChat: boolean,
  response: ServerResponse,
  options: FakeOpenAiOptions,
): Promise<void> {
  const { behaviour = "honest", replay, onDeath } = options;
  if (replay !== undefined) {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    response.end(replay);
    return;
  }
  if (behaviour === "error") return json(response, { error: { message: "internal", code: 500 } }, 500);
  if (behaviour === "silent") return;
  const events = eventsOf(asked, isChat, options);
  if (behaviour === "half a message") {
    await sendEvents(response, [events[0] ?? "", '{"id":"cmpl-1","choices":[{"ind']);
    response.end();
    return;
  }
  if (behaviour === "dies at token 7") {
    await sendEvents(response, events.slice(0, 7));
    onDeath?.();
    response.destroy();
    return;
  }
  await sendEvents(response, events, behaviour === "one byte at a time" ? "bytes" : "whole");
  response.end();
}

function eventsOf(asked: { readonly max_tokens: number }, isChat: boolean, options: FakeOpenAiOptions): string[] {
  const { behaviour, perEvent = 1, ids = "token_ids", finishReason = "stop" } = options;
  const tokens = behaviour === "empty" ? [] : fakeTokens.slice(0, asked.max_tokens);
  const model = behaviour === "another model" ? "other" : "tiny";
  const groups = Array.from({ length: Math.ceil(tokens.length / perEvent) }, (_, index) =>
    tokens.slice(index * perEvent, (index + 1) * perEvent),
  );
  const hasIds = behaviour !== "without ids";
  const name = (id: number, text: string) => (hasIds ? `token_id:${id}` : text);
  const events = groups.map((group, index) => {
    const text = group.map((token) => token.text).join("");
    const listed = group.map(({ id, text: own, logprob, otherId, otherLogprob }) => ({
      token: name(id, own),
      logprob,
      top_logprobs: [
        { token: name(id, own), logprob },
        { token: name(otherId, "other"), logprob: otherLogprob },
      ],
    }));
    const parallel = {
      text_offset: group.map(() => 0),
      tokens: listed.map(({ token }) => token),
      token_logprobs: listed.map(({ logprob }) => logprob),
      top_logprobs: listed.map(({ top_logprobs: tops }) =>
        Object.fromEntries(tops.map(({ token, logprob }) => [token, logprob])),
      ),
    };
    const first = index === 0 && hasIds ? { prompt_token_ids: [1, 2, 3] } : {};
    return {
      id: "cmpl-1",
      model,
      ...(isChat ? first : {}),
      choices: [
        {
          index: 0,
          ...(isChat ? { delta: { content: text } } : { text }),
          logprobs: isChat ? { content: listed } : parallel,
          finish_reason: null,
          ...(isChat ? {} : first),
          token_ids: hasIds && ids === "token_ids" ? group.map(({ id }) => id) : null,
        },
      ],
    };
  });
  const ended = { index: 0, ...(isChat ? { delta: {} } : { text: "" }), logprobs: null, finish_reason: finishReason };
  return [
    ...events.map((event) => JSON.stringify(event)),
    JSON.stringify({ id: "cmpl-1", model, choices: [ended] }),
    JSON.stringify({
      id: "cmpl-1",
      model,
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: tokens.length, total_tokens: 3 + tokens.length },
    }),
    "[DONE]",
  ];
}
