/** A stand-in for TGI that takes only requests which its published description and validation allow (fixtures/tgi). */
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Behaviour } from "../contracts/engine-contract.ts";
import { fakeTokens } from "./fake-model.ts";
import { type FakeServer, fakeServer, json, type Route, sendEvents } from "./fake-server.ts";

const recorded = new URL("../fixtures/tgi/openapi-3.3.6-dev0.json", import.meta.url);

export interface FakeToken {
  readonly id: number;
  readonly text: string;
  readonly logprob: number;
  readonly special: boolean;
}

export interface FakeTgiOptions {
  readonly behaviour?: Behaviour;
  /** What GET /info says otherwise. */
  readonly info?: { readonly [name: string]: unknown };
  /** Answer instead of the usual one, and its whole text. */
  readonly tokens?: readonly FakeToken[];
  readonly whole?: string;
  readonly finishReason?: string;
  /** Whether the chat template writes the special token that the tokenizer adds, writes none, or something else goes on. */
  readonly template?: "with special token" | "without special token" | "unlike its tokenizer";
  /** Tokens that the server says to have generated, when it is wrong. */
  readonly counted?: number;
  readonly onDeath?: () => void;
}

interface Asked {
  readonly inputs: string;
  readonly parameters: { readonly [name: string]: number | undefined } & { readonly max_new_tokens: number };
}

const bos = "<s>";

export function fakeTgi(options: FakeTgiOptions = {}): Promise<FakeServer> {
  const { behaviour, template = "with special token" } = options;
  const info = {
    model_id: behaviour === "another model" ? "other" : "/data/tiny.gguf",
    model_sha: null,
    max_concurrent_requests: 128,
    max_best_of: 2,
    max_stop_sequences: 4,
    max_input_tokens: 2047,
    max_total_tokens: 2048,
    validation_workers: 2,
    max_client_batch_size: 4,
    router: "text-generation-router",
    version: "3.3.6-dev0",
    sha: "db931fcf",
    docker_label: null,
    ...options.info,
  };
  return fakeServer({
    "/info": (_, response) => json(response, info),
    "/tokenize": validated("GenerateRequest", ({ text }, response) =>
      json(response, tokensOf(`${bos}${JSON.parse(text).inputs}`, bos.length)),
    ),
    "/chat_tokenize": validated("ChatRequest", ({ text }, response) => {
      const said = JSON.parse(text).messages.map(({ content }: { content: string }) => `[${content}]`);
      const templated = `${template === "without special token" ? "" : bos}${said.join("")}`;
      const tokens = template === "unlike its tokenizer" ? tokensOf(said.join("?"), 0) : tokensOf(templated, 0);
      json(response, { templated_text: templated, tokenize_response: tokens });
    }),
    "/generate_stream": validated("GenerateRequest", ({ text }, response) =>
      answer(JSON.parse(text), response, options),
    ),
  });
}

/** A tokenizer of characters, which knows one special token of three. */
function tokensOf(text: string, from: number) {
  const pieces = text.startsWith(bos) ? [bos, ...text.slice(bos.length)] : [...text];
  let stop = -from;
  return pieces.map((piece) => {
    const start = Math.max(0, stop);
    stop += Buffer.byteLength(piece);
    return { id: piece === bos ? 1 : (piece.codePointAt(0) ?? 0), text: piece, start, stop: Math.max(0, stop) };
  });
}

async function answer(asked: Asked, response: ServerResponse, options: FakeTgiOptions): Promise<void> {
  const { behaviour = "honest", onDeath } = options;
  const refusal = refusalOf(asked);
  if (refusal !== null) return sendAll(response, [JSON.stringify({ error: refusal, error_type: "validation" })]);
  if (behaviour === "error")
    return sendAll(response, ['{"error":"Request failed during generation: CUDA error","error_type":"generation"}']);
  if (behaviour === "silent") return;
  if (behaviour === "empty") return sendAll(response, []);
  const events = eventsOf(asked, options);
  if (behaviour === "half a message") return sendAll(response, [events[0] ?? "", '{"index":2,"token":{"i']);
  if (behaviour === "dies at token 7") {
    await sendEvents(response, events.slice(0, 7));
    onDeath?.();
    response.destroy();
    return;
  }
  await sendEvents(response, events, behaviour === "one byte at a time" ? "bytes" : "whole");
  response.end();
}

async function sendAll(response: ServerResponse, events: readonly string[]): Promise<void> {
  await sendEvents(response, events);
  response.end();
}

/** The rules of `router/src/validation.rs` that the description does not state. */
function refusalOf({ inputs, parameters }: Asked): string | null {
  if (inputs === "") return "Input validation error: `inputs` cannot be empty";
  if ((parameters.temperature ?? 1) <= 0) return "Input validation error: `temperature` must be strictly positive";
  if ((parameters.top_p ?? 0.5) >= 1) return "Input validation error: `top_p` must be > 0.0 and < 1.0";
  if ((parameters.top_k ?? 1) <= 0) return "Input validation error: `top_k` must be strictly positive";
  if ((parameters.top_n_tokens ?? 0) > 5) return "Input validation error: `top_n_tokens` must be >= 0 and <= 5";
  if (parameters.decoder_input_details) return "`decoder_input_details` == true is not supported when streaming tokens";
  return null;
}

function eventsOf({ parameters }: Asked, options: FakeTgiOptions): string[] {
  const tokens = options.tokens ?? fakeTokens.slice(0, parameters.max_new_tokens);
  return tokens.map((token, index) => {
    const { id, text, logprob } = token;
    const own = { id, text, logprob, special: "special" in token ? token.special : false };
    const other = fakeTokens[index];
    const top =
      other === undefined ? [] : [{ id: other.otherId, text: "other", logprob: other.otherLogprob, special: false }];
    const isLast = index === tokens.length - 1;
    const {
      finishReason = "eos_token",
      counted = tokens.length,
      whole = tokens.map((one) => one.text).join(""),
    } = options;
    return JSON.stringify({
      index: index + 1,
      token: own,
      top_tokens: [own, ...top],
      generated_text: isLast ? whole : null,
      details: isLast ? { finish_reason: finishReason, generated_tokens: counted, seed: 7, input_length: 3 } : null,
    });
  });
}

function validated(kind: string, route: Route): Route {
  const description = JSON.parse(readFileSync(recorded, "utf8"), asJsonSchema);
  // The real server ignores a field that it does not know.
  for (const name of ["GenerateRequest", "GenerateParameters", "ChatRequest"])
    description.components.schemas[name].additionalProperties = false;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const check = ajv.compile({ $ref: `#/components/schemas/${kind}`, components: description.components });
  return (request, response) => {
    if (check(JSON.parse(request.text))) return route(request, response);
    json(response, { error: ajv.errorsText(check.errors), error_type: "validation" }, 422);
  };
}

/** What OpenAPI 3.0 writes otherwise than JSON Schema. */
function asJsonSchema(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("nullable" in value)) return value;
  const { nullable: _nullable, default: _default, ...schema } = { default: null, ...value };
  return { anyOf: [schema, { type: "null" }] };
}
