/** How SGLang's server is started: deterministic inference on, nothing reused between requests. */
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
  "api-key": "the gate talks to its own server without a key",
  "admin-api-key": "the gate talks to its own server without a key",
  "fastapi-root-path": "the gate asks for the server's own paths",
  "ssl-keyfile": "the gate talks to its own server without TLS",
  "ssl-certfile": "the gate talks to its own server without TLS",
  "served-model-name": "the gate serves the model under model.name and looks for that name before the first case",
  "skip-tokenizer-init": "the gate needs text beside the token ids",
  "allow-auto-truncate": "a prompt that is cut is another prompt",
  config: "options in another file would not be part of the contract",
  "model-path": "`model` of the suite names the model",
  model: "`model` of the suite names the model",
  revision: "model.revision names the revision",
};

const otherNames: { readonly [name: string]: string } = {
  tp: "tp_size",
  "tensor-parallel-size": "tp_size",
  pp: "pp_size",
  "pipeline-parallel-size": "pp_size",
  dp: "dp_size",
  "data-parallel-size": "dp_size",
  ep: "ep_size",
};

const fileOptions = new Set(["tokenizer-path", "chat-template", "lora-paths", "quantization-param-path"]);

/** The image's own command is a shell, so the module is named. */
const serverCommand = ["python3", "-m", "sglang.launch_server"] as const;

/** Passed unless the suite gives one of the names. */
const pinned: readonly (readonly [names: readonly string[], words: readonly string[]])[] = [
  [["enable-deterministic-inference"], ["--enable-deterministic-inference"]],
  [["random-seed"], ["--random-seed", "0"]],
  [["disable-radix-cache"], ["--disable-radix-cache"]],
  [["disable-cuda-graph"], ["--disable-cuda-graph"]],
  [["max-running-requests"], ["--max-running-requests", "1"]],
  // Without it the model's own generation_config.json changes sampling defaults.
  [["sampling-defaults"], ["--sampling-defaults", "openai"]],
  // Otherwise each event repeats the whole answer, which grows with the square of its length.
  [["incremental-streaming-output", "stream-output"], ["--incremental-streaming-output"]],
];

/** Throws GateError with every mistake in the suite's engine options. */
export function sglangPlan(suite: Suite): LaunchPlan {
  const { engine, timeouts, folder, runtime } = suite;
  const options = namedOptions(engine);
  const problems = runtime === "attached" ? [] : optionProblems(suite, options);
  if (problems.length > 0) throw new GateError(problems);
  const word = (name: string, text: string) => (fileOptions.has(name) ? fileWord(text, folder) : text);
  return {
    argv: [
      ...(commandWords(engine.command, folder) ?? serverCommand),
      ...modelWords(suite.model),
      ...pinned.flatMap(([names, words]) => (names.some((name) => options.has(name)) ? [] : words)),
      ...argumentWords(options, engine, { off: "left out", list: "name once", map: "json", word }),
      "--host",
      { slot: "host" },
      "--port",
      { slot: "port" },
    ],
    // Log-probabilities of the model itself: SGLang's default are those after the temperature.
    env: { SGLANG_RETURN_ORIGINAL_LOGPROB: "1", ...engine.env },
    workingDirectory: folder,
    transport: "http",
    readiness: [{ kind: "http", path: "/health", status: 200 }],
    startupTimeoutMs: timeouts.startupMs,
    stopTimeoutMs: timeouts.stopMs,
    hints: [
      "Name the Python that has SGLang in engine.command: [/path/to/python3, -m, sglang.launch_server].",
      "Versions that do not know --incremental-streaming-output call it stream_output: set `stream_output: true` in engine.args.",
      "Too little memory needs a smaller context_length or mem_fraction_static, or a GPU that nobody else uses.",
    ],
    attachedUrl: engine.url,
  };
}

function modelWords(model: ModelSpec | null): readonly LaunchWord[] {
  if (model === null) return [];
  // A local folder is one revision already.
  const { name, path, revision } = model;
  const which: readonly LaunchWord[] =
    path === null ? [name, ...(revision === null ? [] : ["--revision", revision])] : [{ hostPath: path }];
  return ["--model-path", ...which, "--served-model-name", name];
}

function optionProblems({ engine, model }: Suite, options: ReadonlyMap<string, Json>): readonly Problem[] {
  const problems = ownedOptionProblems(options.keys(), engine, { owned: ownedByGate, short: otherNames });
  if (model !== null) return problems;
  const expected = "model.name, and its revision or path";
  return [...problems, modelMissing({ source: engine.source, engine: "sglang", expected })];
}
