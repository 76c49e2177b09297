/** An honest imitation of llama.cpp's server, in the shapes that the real one sends, and its faults. */
import type { ServerResponse } from "node:http";
import type { Behaviour } from "../contracts/engine-contract.ts";
import { type FakeToken, fakeTokens } from "./fake-model.ts";
import { type FakeServer, fakeServer, json, sendEvents } from "./fake-server.ts";

export interface FakeLlama extends FakeServer {
  /** Completions that are being computed. */
  readonly busy: () => number;
}

export interface FakeLlamaOptions {
  readonly behaviour?: Behaviour;
  readonly modelPath?: string;
  readonly slots?: number;
  /** Laid over the settings that are reported. */
  readonly settings?: { readonly [name: string]: unknown };
  readonly cached?: number;
  /** Groups of tokens that are sent as one piece, as the parts of one character are. */
  readonly tokens?: readonly (readonly FakeToken[])[];
  readonly onDeath?: () => void;
}

const floats = [
  "temperature",
  "top_p",
  "min_p",
  "repeat_penalty",
  "presence_penalty",
  "frequency_penalty",
  "xtc_threshold",
];

export async function fakeLlama(options: FakeLlamaOptions = {}): Promise<FakeLlama> {
  const { behaviour = "honest", modelPath = "/models/tiny.gguf", slots = 1 } = options;
  let busy = 0;
  const server = await fakeServer({
    "/health": (_, response) => json(response, { status: "ok" }),
    "/props": (_, response) =>
      json(response, {
        default_generation_settings: { params: {}, n_ctx: 2048 },
        total_slots: slots,
        model_alias: modelPath,
        model_path: behaviour === "another model" ? "/models/other.gguf" : modelPath,
        model_ftype: "Q4_1",
        chat_template: "{{ messages }}",
        build_info: "b1-fake",
      }),
    "/slots": (_, response) => json(response, [{ id: 0, n_ctx: 2048, speculative: false, is_processing: busy > 0 }]),
    "/tokenize": ({ text }, response) => json(response, { tokens: [...Buffer.from(JSON.parse(text).content)] }),
    "/apply-template": ({ text }, response) => json(response, { prompt: `<chat>${JSON.parse(text).messages.length}` }),
    "/completion": async ({ text }, response) => {
      busy += 1;
      response.on("close", () => {
        // As the real server, it notices a client that left a little later.
        setImmediate(() => {
          busy -= 1;
        });
      });
      await complete(JSON.parse(text), response, options);
    },
  });
  return { ...server, busy: () => busy };
}

async function complete(
  asked: { readonly [name: string]: unknown } & { readonly prompt: readonly number[] },
  response: ServerResponse,
  options: FakeLlamaOptions,
): Promise<void> {
  const { behaviour = "honest", onDeath } = options;
  if (behaviour === "error") return json(response, { error: { code: 500, message: "CUDA error" } }, 500);
  if (behaviour === "silent") return;
  const groups = behaviour === "empty" ? [] : (options.tokens ?? fakeTokens.map((token) => [token]));
  const events = eventsOf(asked, groups, options);
  if (behaviour === "half a message") {
    await sendEvents(response, [events[0] ?? "", '{"index":0,"content":"He']);
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

function eventsOf(
  asked: { readonly [name: string]: unknown } & { readonly prompt: readonly number[] },
  groups: readonly (readonly FakeToken[])[],
  { behaviour, settings, cached = 0 }: FakeLlamaOptions,
): string[] {
  let predicted = 0;
  const parts = groups.map((group) => {
    predicted += group.length;
    const token = group.at(-1);
    if (token === undefined) throw new Error("a group without tokens");
    const { id, logprob, otherId, otherLogprob } = token;
    const content = group.map(({ text }) => text).join("");
    const hasIds = behaviour !== "without ids";
    return JSON.stringify({
      index: 0,
      content,
      tokens: hasIds ? [id] : [],
      stop: false,
      id_slot: -1,
      tokens_predicted: predicted,
      tokens_evaluated: asked.prompt.length,
      ...(hasIds
        ? {
            completion_probabilities: [
              {
                id,
                token: content,
                bytes: [],
                logprob,
                top_logprobs: [
                  { id, logprob },
                  { id: otherId, logprob: otherLogprob },
                ],
              },
            ],
          }
        : {}),
    });
  });
  const last = {
    index: 0,
    content: "",
    tokens: [],
    id_slot: 0,
    stop: true,
    tokens_predicted: predicted,
    tokens_evaluated: asked.prompt.length,
    generation_settings: { ...settingsOf(asked), ...settings },
    stop_type: "eos",
    timings: { cache_n: cached },
  };
  return [...parts, JSON.stringify(last)];
}

/** The settings as the real server repeats them: floats in single precision. */
function settingsOf(asked: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  const { prompt, stream, return_tokens, cache_prompt, ...settings } = asked;
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      floats.includes(name) && typeof value === "number" ? Math.fround(value) : value,
    ]),
  );
}
