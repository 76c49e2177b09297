/** Engine `vllm-server`: the OpenAI-compatible server of vLLM, started by the gate or by somebody else. */
import { modelMissing } from "../../messages/engines-plan.ts";
import { wrongModel } from "../../messages/engines-reply.ts";
import { contextFull } from "../../messages/engines-room.ts";
import type { Completion } from "../../model/completion.ts";
import type { Json } from "../../model/json.ts";
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { CompletionRequest, EngineFacts } from "../../model/request.ts";
import type { Suite } from "../../model/suite.ts";
import { type Http, nodeHttp } from "../../platform/http.ts";
import { refusedStart } from "../drivers/refused-start.ts";
import type { Engine, EngineSession } from "../engine.ts";
import { optionFacts } from "../option-facts.ts";
import { type Ask, jsonAnswer, jsonAnswerOrNull } from "../protocols/ask.ts";
import { httpAddress } from "../protocols/http-address.ts";
import { models, type ServedModel, version } from "../protocols/openai/replies.ts";
import { type OpenAiServer, openAiSession } from "../protocols/openai/session.ts";
import { opening } from "../protocols/opening.ts";
import { attestedFacts, factsPath } from "./attested.ts";
import { vllmServerPlan } from "./plan.ts";
import { type PromptServer, promptIds } from "./prompt-ids.ts";
import { interfaceDescription } from "./replies.ts";
import { familyOf, fieldProblems, vllmServerSampling } from "./request-fields.ts";

/** A server that somebody else started may ask for a key. */
const keyVariable = "OPENAI_API_KEY";

export const vllmServer: Engine = {
  name: "vllm-server",
  sampling: vllmServerSampling,
  plan: vllmServerPlan,
  whyNotStarted: (logTail) => refusedStart("vllm-server", logTail),
  open: (running, suite) => open(running, suite, nodeHttp),
};

function open(running: RunningEngine, suite: Suite, http: Http): Promise<EngineSession> {
  const { engine, model, cases, runtime } = suite;
  if (model === null)
    throw new GateError([modelMissing({ source: engine.source, engine: "vllm-server", expected: "model.name" })]);
  const baseUrl = httpAddress(running, "vllm-server");
  const key = engine.env[keyVariable];
  const headers: { readonly [name: string]: string } = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const ask: OpenAiServer["ask"] = (path, about) => ({
    http,
    running,
    engine: "vllm-server",
    url: `${baseUrl}${path}`,
    headers,
    ...about,
  });
  return opening(suite, async (signal) => {
    const get = (path: string) => ask(path, { method: "GET", body: null, signal, caseId: null, tokens: () => 0 });
    const { data } = await jsonAnswer(get("/v1/models"), models);
    const served = data.find(({ id }) => id === model.name);
    if (served === undefined)
      throw new GateError([
        wrongModel({ engine: "vllm-server", caseId: null, asked: model.name, served: data.map(({ id }) => id) }),
      ]);
    const { version: number } = await jsonAnswer(get("/version"), version);
    const known = await knownFields(get("/openapi.json"));
    const problems = fieldProblems(cases, known, number);
    if (problems.length > 0) throw new GateError(problems);
    const said = factsOf(suite, served, number);
    const facts = runtime === "attached" ? said : merged(said, await attestedFacts(get(factsPath)));
    const session = openAiSession({ ask, model: model.name, family: familyOf(known), facts });
    const context = served.max_model_len ?? null;
    const prompts: PromptServer = {
      post: (path, body, request) => postOf(ask, path, body, request),
      model: model.name,
      context,
      rows: rowsIn(facts),
    };
    return {
      ...session,
      complete: async (request, onToken) => {
        const asked = offAsMinusOne({ ...request, prompt: await promptIds(prompts, request) });
        const completion = await session.complete(asked, onToken);
        assertRoom(completion, request, context);
        return completion;
      },
    };
  });
}

/** As our part of the server measured them. */
function rowsIn(facts: EngineFacts): number | null {
  const rows = facts.find(({ key }) => key === "model.rows")?.value;
  return typeof rows === "number" ? rows : null;
}

/** vLLM ends an answer where the context is full, as if that had been asked for. */
function assertRoom({ finishReason, tokenIds }: Completion, request: CompletionRequest, context: number | null): void {
  const { caseId, sampling } = request;
  const limit = sampling.params.max_tokens;
  if (finishReason !== "length" || tokenIds === null || tokenIds.length >= limit) return;
  throw new GateError([contextFull({ engine: "vllm-server", caseId, tokens: tokenIds.length, context, limit })]);
}

function postOf(ask: OpenAiServer["ask"], path: string, body: Json, { signal, caseId }: CompletionRequest): Ask {
  return ask(path, { method: "POST", body, signal, caseId, tokens: () => 0 });
}

/** Fields of a completion request by the server's own description; null from a server without one. */
async function knownFields(ask: Ask): Promise<ReadonlySet<string> | null> {
  const description = await jsonAnswerOrNull(ask, interfaceDescription);
  return description === null
    ? null
    : new Set(Object.keys(description.components.schemas.CompletionRequest.properties));
}

/** Older versions refuse 0 for "all candidates"; all of them take -1. */
function offAsMinusOne(request: CompletionRequest): CompletionRequest {
  const { params } = request.sampling;
  return params.top_k === 0
    ? { ...request, sampling: { ...request.sampling, params: { ...params, top_k: -1 } } }
    : request;
}

/** What was measured inside counts before what the server's paths say. */
function merged(said: EngineFacts, measured: EngineFacts): EngineFacts {
  const keys = new Set(measured.map(({ key }) => key));
  return [...said.filter(({ key }) => !keys.has(key)), ...measured];
}

function factsOf(suite: Suite, served: ServedModel, engineVersion: string): EngineFacts {
  const source = "GET /v1/models";
  return [
    ...optionFacts(suite),
    { key: "engine.name", value: "vLLM", source },
    { key: "engine.version", value: engineVersion, source: "GET /version" },
    { key: "model.name", value: served.id, source },
    ...(served.max_model_len == null ? [] : [{ key: "engine.context", value: served.max_model_len, source }]),
  ];
}
