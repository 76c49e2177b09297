/** A stand-in for SGLang's server that takes only requests which its published contract allows (fixtures/sglang). */
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Behaviour } from "../contracts/engine-contract.ts";
import { fakeTokens } from "./fake-model.ts";
import { type FakeServer, fakeServer, json, type Route, sendEvents } from "./fake-server.ts";

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/sglang/${name}`, import.meta.url), "utf8"));

export interface FakeSglangOptions {
  readonly behaviour?: Behaviour;
  /** An event holds only what is new, or the whole answer so far. */
  readonly streaming?: "incremental" | "cumulative";
  /** Tokens in one event. */
  readonly perEvent?: number;
  /** Prompt tokens that the server says to have reused. */
  readonly cached?: number;
  /** Of the last event. */
  readonly finish?: { readonly type: string; readonly message?: string };
  /** What GET /server_info says otherwise. */
  readonly info?: { readonly [name: string]: unknown };
  /** Where that is: `/get_server_info` in older versions. */
  readonly infoPath?: string;
  readonly onDeath?: () => void;
}

export function fakeSglang(options: FakeSglangOptions = {}): Promise<FakeServer> {
  const { infoPath = "/server_info", behaviour } = options;
  const id = behaviour === "another model" ? "other" : "tiny";
  return fakeServer({
    "/v1/models": (_, response) =>
      json(response, {
        object: "list",
        data: [{ id, object: "model", owned_by: "sglang", root: id, max_model_len: 2048 }],
      }),
    [infoPath]: (_, response) => json(response, { ...fixture("server-info-0.5.23.json"), ...options.info }),
    "/tokenize": validated("TokenizeRequest", (_, response) =>
      json(response, { tokens: [1, 2, 3], count: 3, max_model_len: 2048 }),
    ),
    "/generate": validated("GenerateRequest", ({ text }, response) => answer(JSON.parse(text), response, options)),
  });
}

async function answer(
  asked: { readonly sampling_params: { readonly max_new_tokens: number } },
  response: ServerResponse,
  options: FakeSglangOptions,
): Promise<void> {
  const { behaviour = "honest", onDeath } = options;
  if (behaviour === "error") return json(response, { error: { message: "CUDA error" } }, 500);
  if (behaviour === "silent") return;
  const events = eventsOf(asked.sampling_params.max_new_tokens, options);
  if (behaviour === "half a message") {
    await sendEvents(response, [events[0] ?? "", '{"text":"The","output_i']);
    response.end();
    return;
  }
  if (behaviour === "dies at token 7") {
    await sendEvents(response, events.slice(0, 7));
    onDeath?.();
    response.destroy();
    return;
  }
  await sendEvents(response, [...events, "[DONE]"], behaviour === "one byte at a time" ? "bytes" : "whole");
  response.end();
}

function eventsOf(limit: number, options: FakeSglangOptions): string[] {
  const {
    behaviour,
    streaming = "incremental",
    perEvent = 1,
    cached = 0,
    finish = { type: "stop", matched: 2 },
  } = options;
  const tokens = behaviour === "empty" ? [] : fakeTokens.slice(0, limit);
  const ends = Array.from({ length: Math.max(1, Math.ceil(tokens.length / perEvent)) }, (_, index) =>
    Math.min(tokens.length, (index + 1) * perEvent),
  );
  return ends.map((end, index) => {
    const shown = tokens.slice(streaming === "incremental" ? index * perEvent : 0, end);
    const numbers = {
      output_token_logprobs: shown.map(({ id, logprob }) => [logprob, id, null]),
      output_top_logprobs: shown.map(({ id, logprob, otherId, otherLogprob }) => [
        [logprob, id, null],
        [otherLogprob, otherId, null],
      ]),
    };
    return JSON.stringify({
      text: shown.map(({ text }) => text).join(""),
      ...(behaviour === "without ids" ? {} : { output_ids: shown.map(({ id }) => id) }),
      meta_info: {
        id: "0a1b",
        finish_reason: end === tokens.length ? finish : null,
        prompt_tokens: 3,
        weight_version: "default",
        num_retractions: 0,
        input_token_logprobs: [],
        ...(behaviour === "without ids" ? {} : numbers),
        output_token_logprobs_length: end,
        completion_tokens: end,
        cached_tokens: cached,
      },
    });
  });
}

function validated(kind: string, route: Route): Route {
  const schema = fixture("requests-0.5.23.json");
  const ajv = new Ajv2020({ strict: false });
  const check = ajv.compile({ ...schema, $ref: `#/$defs/${kind}` });
  return (request, response) => {
    if (check(JSON.parse(request.text))) return route(request, response);
    json(response, { error: ajv.errorsText(check.errors) }, 400);
  };
}
