/** How vLLM's OpenAI server is started: what makes two launches agree is written out, whatever the version's defaults are. */
import { modelMissing } from "../../messages/engines-plan.ts";
import type { Json } from "../../model/json.ts";
import type { LaunchPlan, LaunchWord } from "../../model/launch-plan.ts";
import { GateError, type Problem } from "../../model/problem.ts";
import type { ModelSpec, Suite } from "../../model/suite.ts";
import { argumentWords, namedOptions } from "../argument-words.ts";
import { commandWords } from "../command-words.ts";
import { fileWord } from "../file-word.ts";
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
  headless: "the gate needs the server's HTTP interface",
  config: "options in another file would not be part of the contract",
};

const namedByModel: { readonly [name: string]: string } = {
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

/** Options whose value may be a file or folder of the host: one that begins with `/`, `./` or `../`, also after `name=`. */
const fileOptions = new Set([
  "tokenizer",
  "hf-config-path",
  "chat-template",
  "lora-modules",
  "tool-parser-plugin",
  "reasoning-parser-plugin",
]);

/** Program that has vLLM, and the module that both generations of the official image can start; `vllm serve` needs another installation. */
const serverCommand = ["python3", "-m", "vllm.entrypoints.openai.api_server"] as const;

/** Throws GateError with every mistake in the suite's engine options. */
export function vllmServerPlan(suite: Suite): LaunchPlan {
  const { engine, timeouts, folder, runtime } = suite;
  const options = namedOptions(engine);
  const problems = runtime === "attached" ? [] : optionProblems(suite, options);
  if (problems.length > 0) throw new GateError(problems);
  const word = (name: string, text: string) => (fileOptions.has(name) ? fileWord(text, folder) : text);
  return {
    argv: [
      ...(commandWords(engine.command, folder) ?? serverCommand),
      ...modelWords(suite.model),
      ...Object.entries(pinned(suite)).flatMap(([name, words]) => (options.has(name) ? [] : words)),
      ...argumentWords(options, engine, { list: "name once", map: "json", word }),
      "--host",
      { slot: "host" },
      "--port",
      { slot: "port" },
    ],
    env: engine.env,
    workingDirectory: folder,
    transport: "http",
    readiness: [{ kind: "http", path: "/health", status: 200 }],
    startupTimeoutMs: timeouts.startupMs,
    stopTimeoutMs: timeouts.stopMs,
    hints: [
      "Name the Python that has vLLM in engine.command: [/path/to/python3, -m, vllm.entrypoints.openai.api_server].",
      "Run the command by hand: it says which option it does not take, or what the model lacks.",
      "Too little memory needs a smaller max_model_len or gpu_memory_utilization, or a GPU that nobody else uses.",
    ],
    attachedUrl: engine.url?.replace(/\/v1\/?$/, "") ?? null,
  };
}

/** Passed unless the suite gives the option itself. */
function pinned({ model }: Suite): { readonly [name: string]: readonly LaunchWord[] } {
  return {
    // Without it the model's own generation_config.json changes sampling defaults and adds stop tokens.
    "generation-config": ["--generation-config", "vllm"],
    "enable-prefix-caching": ["--no-enable-prefix-caching"],
    "max-num-seqs": ["--max-num-seqs", "1"],
    seed: ["--seed", "0"],
    "enforce-eager": ["--enforce-eager"],
    ...(model?.revision ? { "tokenizer-revision": ["--tokenizer-revision", model.revision] } : {}),
  };
}

function modelWords(model: ModelSpec | null): readonly LaunchWord[] {
  if (model === null) return [];
  return [
    "--model",
    model.path === null ? model.name : { hostPath: model.path },
    ...(model.revision === null ? [] : ["--revision", model.revision]),
    "--served-model-name",
    model.name,
  ];
}

function optionProblems({ engine, model }: Suite, options: ReadonlyMap<string, Json>): readonly Problem[] {
  const problems = ownedOptionProblems(options.keys(), engine, {
    owned: { ...ownedByGate, ...namedByModel },
    short: shortNames,
  });
  if (model !== null) return problems;
  const expected = "model.name, and its revision or path";
  return [...problems, modelMissing({ source: engine.source, engine: "vllm-server", expected })];
}
