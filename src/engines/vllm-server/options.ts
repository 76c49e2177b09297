/** The options that vLLM's server is started with: the suite's, and those that make two launches agree. */
import { modelMissing } from "../../messages/engines-plan.ts";
import type { Json } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";
import { namedOptions } from "../argument-words.ts";
import { ownedOptionProblems } from "../owned-options.ts";

const ownedByGate: { readonly [name: string]: string } = {
  host: "the gate chooses the address",
  port: "the gate chooses a free port for each launch",
  uds: "the gate talks to the server over TCP",
  "api-key": "the gate talks to its own server without a key",
  "root-path": "the gate asks for the server's own paths",
  "ssl-keyfile": "the gate talks to its own server without TLS",
  "ssl-certfile": "the gate talks to its own server without TLS",
  "ssl-ca-certs": "the gate talks to its own server without TLS",
  "served-model-name": "the gate serves the model under model.name and looks for that name in every answer",
  "api-server-count": "the gate talks to one server process, so that what it says of itself holds for every answer",
  "disable-fastapi-docs": "the gate reads there which request fields this version knows",
  "worker-extension-cls": "the gate measures there what is in force",
  headless: "the gate needs the server's HTTP interface",
  config: "options in another file would not be part of the contract",
  model: "`model` of the suite names the model",
  "model-tag": "`model` of the suite names the model",
  revision: "model.revision names the revision",
};

const shortNames: { readonly [short: string]: string } = {
  tp: "tensor_parallel_size",
  pp: "pipeline_parallel_size",
  dp: "data_parallel_size",
  q: "quantization",
  n: "nnodes",
  r: "node_rank",
};

/** By kebab-case name, the suite's own over the gate's. Throws GateError for an option that is given twice. */
export function launchOptions({ engine, model, determinism }: Suite): ReadonlyMap<string, Json> {
  const given = namedOptions(engine);
  // A tokenizer of the same repository moves with the model; one from elsewhere needs a revision of its own.
  const ownTokenizer = model?.path === null && !given.has("tokenizer") ? model.revision : null;
  return new Map<string, Json>([
    // Without it the model's own generation_config.json changes sampling defaults and adds stop tokens.
    ["generation-config", "vllm"],
    ["enable-prefix-caching", false],
    ["max-num-seqs", 1],
    ["seed", determinism?.seed ?? 0],
    ["enforce-eager", determinism?.compile !== true],
    ...(ownTokenizer === null ? [] : ([["tokenizer-revision", ownTokenizer]] as const)),
    ...given,
  ]);
}

/** A problem for each option of the suite that is the gate's own, and for a suite without a model. */
export function optionProblems({ engine, model }: Suite): readonly Problem[] {
  const problems = ownedOptionProblems(namedOptions(engine).keys(), engine, { owned: ownedByGate, short: shortNames });
  if (model !== null) return problems;
  const expected = "model.name with model.revision, or model.path";
  return [...problems, modelMissing({ source: engine.source, engine: engine.name, expected })];
}
