/** How Text Generation Inference is started: one request in a batch, nothing captured, nothing reused. */
import { modelMissing, tokenPromptRefused } from "../../messages/engines-plan.ts";
import type { Json } from "../../model/json.ts";
import type { LaunchPlan, LaunchWord } from "../../model/launch-plan.ts";
import { GateError, type Problem } from "../../model/problem.ts";
import type { ModelSpec, Suite } from "../../model/suite.ts";
import { argumentWords, namedOptions } from "../argument-words.ts";
import { commandWords } from "../command-words.ts";
import { fileWord } from "../file-word.ts";
import { ownedOptionProblems } from "../owned-options.ts";

const ownedByGate: { readonly [name: string]: string } = {
  hostname: "the gate chooses the address",
  host: "the gate chooses the address",
  port: "the gate chooses a free port for each launch",
  "api-key": "the gate talks to its own server without a key",
  ngrok: "the gate talks to its own server on its own address",
  env: "the launcher would print its environment and start no server",
  "model-id": "`model` of the suite names the model",
  revision: "model.revision names the revision",
};

const fileOptions = new Set(["tokenizer-config-path", "lora-adapters"]);

/** Passed unless the suite gives the option. */
const pinned: { readonly [name: string]: readonly string[] } = {
  "max-batch-size": ["--max-batch-size", "1"],
  "cuda-graphs": ["--cuda-graphs", "0"],
};

/** Throws GateError with every mistake in the suite's engine options, and every case whose prompt this server cannot take. */
export function tgiPlan(suite: Suite): LaunchPlan {
  const { engine, timeouts, folder, runtime } = suite;
  const options = namedOptions(engine);
  const problems = [...(runtime === "attached" ? [] : optionProblems(suite, options)), ...promptProblems(suite)];
  if (problems.length > 0) throw new GateError(problems);
  const word = (name: string, text: string) => (fileOptions.has(name) ? fileWord(text, folder) : text);
  return {
    argv: [
      ...(commandWords(engine.command, folder) ?? (["text-generation-launcher"] as const)),
      ...modelWords(suite.model),
      ...Object.entries(pinned).flatMap(([name, words]) => (options.has(name) ? [] : words)),
      ...argumentWords(options, engine, { off: "left out", map: "json", word }),
      "--hostname",
      { slot: "host" },
      "--port",
      { slot: "port" },
    ],
    // The prefix cache has no option.
    env: { PREFIX_CACHING: "0", ...engine.env },
    workingDirectory: folder,
    transport: "http",
    readiness: [{ kind: "http", path: "/health", status: 200 }],
    startupTimeoutMs: timeouts.startupMs,
    stopTimeoutMs: timeouts.stopMs,
    hints: [
      "Use an image of Text Generation Inference, or name the program in engine.command: [/path/to/text-generation-launcher].",
      "Run the command by hand: it says which option it does not take, or what the model lacks.",
      "Too little memory needs a smaller max_total_tokens or cuda_memory_fraction, or a GPU that nobody else uses.",
    ],
    attachedUrl: engine.url,
  };
}

function modelWords(model: ModelSpec | null): readonly LaunchWord[] {
  if (model === null) return [];
  // A local folder is one revision already.
  const { name, path, revision } = model;
  if (path !== null) return ["--model-id", { hostPath: path }];
  return ["--model-id", name, ...(revision === null ? [] : ["--revision", revision])];
}

function optionProblems({ engine, model }: Suite, options: ReadonlyMap<string, Json>): readonly Problem[] {
  const problems = ownedOptionProblems(options.keys(), engine, { owned: ownedByGate, short: {} });
  if (model !== null) return problems;
  const expected = "model.name, and its revision or path";
  return [...problems, modelMissing({ source: engine.source, engine: "tgi", expected })];
}

function promptProblems({ cases }: Suite): readonly Problem[] {
  return cases
    .filter(({ prompt }) => prompt.kind === "tokens")
    .map(({ id, source }) => tokenPromptRefused({ engine: "tgi", caseId: id, source }));
}
