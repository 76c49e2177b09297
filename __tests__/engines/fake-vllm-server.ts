/** A stand-in for vLLM's server that takes only requests which the real one describes as valid (fixtures/vllm), and its older selves. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type FakeOpenAiOptions, openAiRoutes } from "./fake-openai-server.ts";
import { type FakeServer, fakeServer, json, type Route } from "./fake-server.ts";

const recorded = new URL("../fixtures/vllm/openapi-0.32.0.json", import.meta.url);

export interface FakeVllmOptions extends FakeOpenAiOptions {
  /** Fields of a completion request that this version does not know yet. */
  readonly unknownFields?: readonly string[];
  /** Paths that this version does not have yet. */
  readonly withoutPaths?: readonly string[];
  /** What our part of the server answers. */
  readonly attested?: object;
}

export function fakeVllm(options: FakeVllmOptions = {}): Promise<FakeServer> {
  const { unknownFields = [], withoutPaths = [], attested, ...others } = options;
  const measured = { facts: { "engine.threads": 1, "package.torch": "2.13.0", "engine.version": "0.32.0" } };
  const description = JSON.parse(readFileSync(recorded, "utf8"));
  const fields = description.components.schemas.CompletionRequest.properties;
  for (const field of unknownFields) delete fields[field];
  const openAi = openAiRoutes({
    ...others,
    ids: unknownFields.includes("return_token_ids") ? "in logprobs" : (options.ids ?? "token_ids"),
  });
  const complete: Route = openAi["/v1/completions"] ?? (() => {});
  const chat: Route = openAi["/v1/chat/completions"] ?? (() => {});
  const ids: Route = (_, response) => json(response, { count: 3, max_model_len: 2048, tokens: [1, 2, 3] });
  const routes: { readonly [path: string]: Route } = {
    ...openAi,
    "/inference-gate/facts": (_, response) => json(response, attested ?? measured),
    "/openapi.json": (_, response) => json(response, description),
    "/tokenize": validated(description, ["TokenizeCompletionRequest", "TokenizeChatRequest"], ids),
    "/v1/chat/completions/render": validated(description, ["ChatCompletionRequest"], (_, response) =>
      json(response, { request_id: "chatcmpl-1", token_ids: [1, 2, 3], sampling_params: {} }),
    ),
    "/v1/completions": validated(description, ["CompletionRequest"], complete),
    "/v1/chat/completions": validated(description, ["ChatCompletionRequest"], chat),
  };
  return fakeServer(Object.fromEntries(Object.entries(routes).filter(([path]) => !withoutPaths.includes(path))));
}

/** The request must be of one of these kinds and name no field that is none of its kind: the real server ignores those. */
function validated(
  description: { readonly components: { readonly schemas: Record<string, { properties: Record<string, unknown> }> } },
  kinds: readonly string[],
  route: Route,
): Route {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const checks = kinds.map((kind) => {
    const schema = { ...description.components.schemas[kind], unevaluatedProperties: false };
    return ajv.compile({ ...schema, components: description.components });
  });
  return (request, response) => {
    const body = JSON.parse(request.text);
    if (checks.some((check) => check(body))) return route(request, response);
    const message = checks.map(({ errors }) => ajv.errorsText(errors)).join("; ");
    json(response, { error: { message, type: "BadRequestError", param: null, code: 400 } }, 400);
  };
}
