/** Engine `sglang`: SGLang's own HTTP server, through its native `/generate`. */
import { modelMissing } from "../../messages/engines-plan.ts";
import { wrongModel } from "../../messages/engines-reply.ts";
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";
import { type Http, nodeHttp } from "../../platform/http.ts";
import type { Engine } from "../engine.ts";
import { type Ask, jsonAnswer, jsonAnswerIfThere } from "../protocols/ask.ts";
import { httpAddress } from "../protocols/http-address.ts";
import { models } from "../protocols/openai/replies.ts";
import { opening } from "../protocols/opening.ts";
import { serverFacts } from "./facts.ts";
import { sglangPlan } from "./plan.ts";
import { serverInfo } from "./replies.ts";
import { seedProblems, sglangSampling } from "./sampling.ts";
import { sglangSession } from "./session.ts";

export const sglang: Engine = {
  name: "sglang",
  sampling: sglangSampling,
  plan: sglangPlan,
  open: (running, suite) => open(running, suite, nodeHttp),
};

function open(running: RunningEngine, suite: Suite, http: Http) {
  const { engine, model } = suite;
  if (model === null)
    throw new GateError([modelMissing({ source: engine.source, engine: "sglang", expected: "model.name" })]);
  const baseUrl = httpAddress(running, "sglang");
  return opening(suite, async (signal) => {
    const get = (path: string): Ask => ({
      http,
      running,
      engine: "sglang",
      caseId: null,
      method: "GET",
      url: `${baseUrl}${path}`,
      headers: {},
      body: null,
      signal,
      tokens: () => 0,
    });
    const { data } = await jsonAnswer(get("/v1/models"), models);
    const served = data.find(({ id }) => id === model.name);
    if (served === undefined) {
      const names = data.map(({ id }) => id);
      throw new GateError([wrongModel({ engine: "sglang", caseId: null, asked: model.name, served: names })]);
    }
    // Versions before 0.5.6 know only the longer path.
    const info =
      (await jsonAnswerIfThere(get("/server_info"), serverInfo)) ??
      (await jsonAnswer(get("/get_server_info"), serverInfo));
    const problems = seedProblems(suite.cases, info.enable_deterministic_inference === true);
    if (problems.length > 0) throw new GateError(problems);
    const context = served.max_model_len ?? null;
    const facts = serverFacts(suite, { info, model: served.id, context });
    return sglangSession({ http, running, baseUrl, context, facts });
  });
}
