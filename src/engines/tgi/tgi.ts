/** Engine `tgi`: Hugging Face's Text Generation Inference, through its own `/generate_stream`. */
import { basename } from "node:path";
import { modelMissing } from "../../messages/engines-plan.ts";
import { wrongModel } from "../../messages/engines-reply.ts";
import type { FactValue } from "../../model/fingerprint.ts";
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { EngineFacts } from "../../model/request.ts";
import type { ModelSpec, Suite } from "../../model/suite.ts";
import { type Http, nodeHttp } from "../../platform/http.ts";
import type { Engine } from "../engine.ts";
import { optionFacts } from "../option-facts.ts";
import { jsonAnswer } from "../protocols/ask.ts";
import { httpAddress } from "../protocols/http-address.ts";
import { opening } from "../protocols/opening.ts";
import { tgiPlan } from "./plan.ts";
import { type Info, info } from "./replies.ts";
import { tgiSampling } from "./sampling.ts";
import { tgiSession } from "./session.ts";

export const tgi: Engine = {
  name: "tgi",
  sampling: tgiSampling,
  plan: tgiPlan,
  open: (running, suite) => open(running, suite, nodeHttp),
};

function open(running: RunningEngine, suite: Suite, http: Http) {
  const { engine, model } = suite;
  if (model === null)
    throw new GateError([modelMissing({ source: engine.source, engine: "tgi", expected: "model.name" })]);
  const baseUrl = httpAddress(running, "tgi");
  return opening(suite, async (signal) => {
    const about = { http, running, engine: "tgi", caseId: null, headers: {}, body: null, signal, tokens: () => 0 };
    const served = await jsonAnswer({ ...about, method: "GET", url: `${baseUrl}/info` }, info);
    const asked = askedFor(model);
    if (!isServed(model, served)) {
      const found = served.model_sha ? `${served.model_id} at ${served.model_sha}` : served.model_id;
      throw new GateError([wrongModel({ engine: "tgi", caseId: null, asked, served: [found] })]);
    }
    return tgiSession({
      http,
      running,
      baseUrl,
      longestPrompt: served.max_input_tokens ?? null,
      facts: factsOf(suite, served),
    });
  });
}

const askedFor = ({ name, revision }: ModelSpec) => (revision === null ? name : `${name} at ${revision}`);

/** A local model is served under the path that it has where the server runs. */
function isServed({ name, path, revision }: ModelSpec, { model_id: id, model_sha: sha }: Info): boolean {
  const isNamed = path === null ? id === name : basename(id) === basename(path);
  return isNamed && (revision === null || sha == null || sha === revision);
}

function factsOf(suite: Suite, served: Info): EngineFacts {
  const said: readonly (readonly [string, FactValue | undefined])[] = [
    ["engine.name", "TGI"],
    ["engine.version", served.version],
    ["engine.build", served.sha ?? undefined],
    ["engine.docker-label", served.docker_label ?? undefined],
    ["engine.max-input-tokens", served.max_input_tokens ?? undefined],
    ["engine.max-total-tokens", served.max_total_tokens ?? undefined],
    // A local model is served under its path, which is one of this machine.
    ["model.name", suite.model?.path == null ? served.model_id : suite.model.name],
    ["model.revision", served.model_sha ?? undefined],
  ];
  return [
    ...optionFacts(suite),
    ...said.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value, source: "GET /info" }])),
  ];
}
