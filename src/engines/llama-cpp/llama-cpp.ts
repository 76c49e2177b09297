/** Engine `llama-cpp`: llama.cpp's own HTTP server, `llama-server`. */
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";
import { type Http, nodeHttp } from "../../platform/http.ts";
import type { Engine } from "../engine.ts";
import { type Ask, jsonAnswer } from "../protocols/ask.ts";
import { httpAddress } from "../protocols/http-address.ts";
import { opening } from "../protocols/opening.ts";
import { serverProblems } from "./facts.ts";
import { llamaCppPlan } from "./plan.ts";
import { props, slots } from "./replies.ts";
import { llamaCppSampling } from "./sampling.ts";
import { LlamaCppSession } from "./session.ts";

export const llamaCpp: Engine = {
  name: "llama-cpp",
  sampling: llamaCppSampling,
  plan: llamaCppPlan,
  open: (running, suite) => open(running, suite, nodeHttp),
};

function open(running: RunningEngine, suite: Suite, http: Http): Promise<LlamaCppSession> {
  const baseUrl = httpAddress(running, "llama-cpp");
  return opening(suite, async (signal) => {
    const get = (path: string): Ask => ({
      http,
      running,
      engine: "llama-cpp",
      caseId: null,
      method: "GET",
      url: `${baseUrl}${path}`,
      headers: {},
      body: null,
      signal,
      tokens: () => 0,
    });
    const found = await jsonAnswer(get("/props"), props);
    const problems = serverProblems(suite, found);
    if (problems.length > 0) throw new GateError(problems);
    const state = await slotsOrNull(get("/slots"));
    return new LlamaCppSession({
      http,
      running,
      baseUrl,
      suite,
      props: found,
      hasSlots: state !== null,
      isSpeculative: state?.some((slot) => slot.speculative === true) ?? false,
    });
  });
}

/** Older servers, and those started with `--no-slots`, do not tell. */
async function slotsOrNull(ask: Ask) {
  try {
    return await jsonAnswer(ask, slots);
  } catch (error) {
    if (error instanceof GateError && error.problems.every(({ code }) => code === "engines/http-status")) return null;
    throw error;
  }
}
