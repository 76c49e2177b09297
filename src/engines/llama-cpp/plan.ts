/** How llama.cpp's server is started: everything that shapes an output is written out. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import {
  argumentOwned,
  argumentShort,
  modelMissing,
  parallelNotOne,
  threadsMissing,
} from "../../messages/engines-plan.ts";
import type { Json } from "../../model/json.ts";
import type { LaunchPlan, LaunchWord } from "../../model/launch-plan.ts";
import { GateError, type Problem } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";
import { argumentWords, namedOptions } from "../argument-words.ts";
import { commandWords } from "../command-words.ts";

const ownedByGate: { readonly [name: string]: string } = {
  host: "the gate chooses the address",
  port: "the gate chooses a free port for each launch",
  "api-key": "the gate talks to its own server without a key",
  "api-key-file": "the gate talks to its own server without a key",
  "api-prefix": "the gate asks for the server's own paths",
  "ssl-key-file": "the gate talks to its own server on the loopback interface",
  "ssl-cert-file": "the gate talks to its own server on the loopback interface",
};

/** Ways to name a model beside `model.path`. */
const modelOptions = ["model", "model-url", "hf-repo", "hf-file", "docker-repo"];

const shortNames: { readonly [short: string]: string } = {
  c: "ctx_size",
  t: "threads",
  tb: "threads_batch",
  b: "batch_size",
  ub: "ubatch_size",
  np: "parallel",
  ngl: "n_gpu_layers",
  fa: "flash_attn",
  m: "model",
  s: "seed",
  n: "predict",
  ctk: "cache_type_k",
  ctv: "cache_type_v",
  hf: "hf_repo",
};

/** Options whose value is a file of the host, relative to the suite. */
const fileOptions = new Set([
  "model",
  "mmproj",
  "lora",
  "control-vector",
  "chat-template-file",
  "grammar-file",
  "json-schema-file",
  "model-draft",
]);

/** Throws GateError with every mistake in the suite's engine options. */
export function llamaCppPlan(suite: Suite): LaunchPlan {
  const { engine, model, timeouts, folder } = suite;
  const options = namedOptions(engine);
  const problems = suite.runtime === "attached" ? [] : optionProblems(suite, options);
  if (problems.length > 0) throw new GateError(problems);
  const word = (name: string, text: string): LaunchWord =>
    fileOptions.has(name) ? { hostPath: resolve(folder, text) } : text;
  const explicit: readonly (readonly [string, readonly LaunchWord[], readonly string[]])[] = [
    ["parallel", ["--parallel", "1"], []],
    ["no-cache-prompt", ["--no-cache-prompt"], ["cache-prompt"]],
    ["seed", ["--seed", "0"], []],
  ];
  const [program, ...rest] = commandWords(engine.command, folder) ?? ["llama-server"];
  return {
    argv: [
      program,
      ...rest,
      ...(model === null || model.path === null ? [] : ["--model", { hostPath: model.path }]),
      ...explicit.flatMap(([name, words, also]) => ([name, ...also].some((one) => options.has(one)) ? [] : words)),
      ...argumentWords(options, engine, { word }),
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
      "Install llama.cpp so that `llama-server` is on PATH, or name the program in engine.command.",
      "Run the command by hand: it says which option or file it does not take.",
      "A model that is too large for the memory needs a smaller ctx_size, fewer n_gpu_layers, or a smaller quantisation.",
    ],
    attachedUrl: engine.url,
  };
}

function optionProblems({ engine, model }: Suite, options: ReadonlyMap<string, Json>): readonly Problem[] {
  const { source } = engine;
  const problems: Problem[] = [];
  for (const name of options.keys()) {
    const long = shortNames[name];
    const why = ownedByGate[name] ?? (model?.path && modelOptions.includes(name) ? "model.path names the model" : null);
    if (why !== null) problems.push(argumentOwned({ source, name, why }));
    else if (long !== undefined) problems.push(argumentShort({ source, name, long }));
  }
  const parallel = options.get("parallel");
  if (parallel !== undefined && String(parallel) !== "1")
    problems.push(parallelNotOne({ source, value: JSON.stringify(parallel) }));
  if (!options.has("threads") && !options.has("t"))
    problems.push(threadsMissing({ source, cores: availableParallelism() }));
  if (!model?.path && !modelOptions.some((name) => options.has(name)))
    problems.push(
      modelMissing({ source: model?.source ?? source, engine: "llama-cpp", expected: "model.path, the GGUF file" }),
    );
  return problems;
}
