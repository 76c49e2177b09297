/** Engine `openai`: any server with OpenAI's completions or chat completions. */
import { modelMissing } from "../../messages/engines-plan.ts";
import { wrongModel } from "../../messages/engines-reply.ts";
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { EngineFacts } from "../../model/request.ts";
import type { Suite } from "../../model/suite.ts";
import { type Http, nodeHttp } from "../../platform/http.ts";
import type { Engine, EngineSession } from "../engine.ts";
import { everySamplingField } from "../every-sampling-field.ts";
import { optionFacts } from "../option-facts.ts";
import { jsonAnswer, jsonAnswerOrNull } from "../protocols/ask.ts";
import { httpAddress } from "../protocols/http-address.ts";
import { models, type ServedModel, version } from "../protocols/openai/replies.ts";
import { familyProblems } from "../protocols/openai/request.ts";
import { type ServerFamily, serverFamily } from "../protocols/openai/server-family.ts";
import { type OpenAiServer, openAiSession } from "../protocols/openai/session.ts";
import { opening } from "../protocols/opening.ts";
import { keyVariable, openAiPlan } from "./plan.ts";

export const openAi: Engine = {
  name: "openai",
  // Which of them the server honours is known when it says what it is; see server-family.ts.
  sampling: {
    fields: everySamplingField,
    extra: [
      "length_penalty",
      "include_stop_str_in_output",
      "spaces_between_special_tokens",
      "allowed_token_ids",
      "logit_bias",
    ],
    tokenIds: true,
  },
  plan: openAiPlan,
  open: (running, suite) => open(running, suite, nodeHttp),
};

function open(running: RunningEngine, suite: Suite, http: Http): Promise<EngineSession> {
  const { engine, model } = suite;
  if (model === null)
    throw new GateError([
      modelMissing({ source: engine.source, engine: "openai", expected: "model.name, as the server calls it" }),
    ]);
  const baseUrl = httpAddress(running, "openai");
  const key = engine.env[keyVariable];
  const headers: { readonly [name: string]: string } = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const ask: OpenAiServer["ask"] = (path, about) => ({
    http,
    running,
    engine: "openai",
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
        wrongModel({ engine: "openai", caseId: null, asked: model.name, served: data.map(({ id }) => id) }),
      ]);
    const family = serverFamily(served.owned_by ?? null);
    const problems = familyProblems("openai", suite.cases, family);
    if (problems.length > 0) throw new GateError(problems);
    // vLLM tells its version; others answer 404 or something else.
    const told = await jsonAnswerOrNull(get("/version"), version);
    const facts = factsOf(suite, served, family, told?.version ?? null);
    return openAiSession({ ask, model: model.name, family, facts });
  });
}

function factsOf(suite: Suite, served: ServedModel, family: ServerFamily, engineVersion: string | null): EngineFacts {
  const source = "GET /v1/models";
  return [
    ...optionFacts(suite),
    { key: "engine.name", value: family.name, source },
    ...(engineVersion === null ? [] : [{ key: "engine.version", value: engineVersion, source: "GET /version" }]),
    { key: "model.name", value: served.id, source },
    ...(served.root == null || served.root === served.id ? [] : [{ key: "model.root", value: served.root, source }]),
    ...(served.max_model_len == null ? [] : [{ key: "engine.context", value: served.max_model_len, source }]),
  ];
}
