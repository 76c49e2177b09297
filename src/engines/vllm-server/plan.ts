/** How vLLM's OpenAI server is started: by our driver in the image's own Python, with what makes two launches agree written out. */
import { driverMissing } from "../../messages/engines-driver.ts";
import { revisionMissing, settingWithoutEffect } from "../../messages/engines-driver-suite.ts";
import { commandNotInterpreter } from "../../messages/engines-plan.ts";
import type { Json } from "../../model/json.ts";
import type { LaunchPlan, LaunchWord } from "../../model/launch-plan.ts";
import { GateError, type Problem } from "../../model/problem.ts";
import type { ModelSpec, Suite } from "../../model/suite.ts";
import { findDriver } from "../../platform/drivers-folder.ts";
import { argumentWords } from "../argument-words.ts";
import { commandWords } from "../command-words.ts";
import { settingsText, settingsVariable } from "../drivers/driver-plan.ts";
import { preludeEnvironment } from "../drivers/environment.ts";
import { driverDeterminism } from "../drivers/settings.ts";
import { tokenizerProblems } from "../drivers/tokenizer-problems.ts";
import { fileWord } from "../file-word.ts";
import { launchOptions, optionProblems } from "./options.ts";

/** Options whose value may be a file or folder of the host: one that begins with `/`, `./` or `../`, also after `name=`. */
const fileOptions = new Set([
  "tokenizer",
  "hf-config-path",
  "chat-template",
  "lora-modules",
  "tool-parser-plugin",
  "reasoning-parser-plugin",
]);

/** Throws GateError with every mistake in the suite's engine options. */
export function vllmServerPlan(suite: Suite): LaunchPlan {
  const { engine, timeouts, folder } = suite;
  const { argv, env } = suite.runtime === "attached" ? nothingStarted(suite) : started(suite);
  return {
    argv,
    env,
    workingDirectory: folder,
    transport: "http",
    readiness: [{ kind: "http", path: "/health", status: 200 }],
    startupTimeoutMs: timeouts.startupMs,
    stopTimeoutMs: timeouts.stopMs,
    hints: [
      'Name the interpreter that has vLLM: engine: { command: ["venv/bin/python"] }; without it, python3 on PATH is taken.',
      "engine.args are the options of vLLM's server, by its own names.",
      "Too little memory needs a smaller max_model_len or gpu_memory_utilization, or a GPU that nobody else uses.",
    ],
    attachedUrl: engine.url?.replace(/\/v1\/?$/, "") ?? null,
  };
}

type Start = Pick<LaunchPlan, "argv" | "env">;

/** Runtime attached reads no word of it. */
const nothingStarted = ({ engine }: Suite): Start => ({ argv: ["true"], env: engine.env });

function started(suite: Suite): Start {
  const { engine, folder } = suite;
  const driver = findDriver("inference_gate");
  if (driver.kind === "missing") throw new GateError([driverMissing({ searched: driver.searched })]);
  const problems = [
    ...commandProblems(suite),
    ...optionProblems(suite),
    ...modelProblems(suite),
    ...tokenizerProblems(engine),
  ];
  if (suite.determinism?.multiprocessing === false)
    problems.push(
      settingWithoutEffect({ source: engine.source, engine: engine.name, setting: "multiprocessing", wanted: true }),
    );
  if (problems.length > 0) throw new GateError(problems);
  const options = launchOptions(suite);
  const args = Object.fromEntries([...options].map(([name, value]) => [name.replaceAll("-", "_"), value]));
  const named: Suite = { ...suite, engine: { ...engine, args: snakeCase(engine.args) } };
  const determinism = driverDeterminism(named);
  const word = (name: string, text: string) => (fileOptions.has(name) ? fileWord(text, folder) : text);
  const [program, ...rest] = commandWords(engine.command, folder) ?? ["python3"];
  return {
    argv: [
      program,
      ...rest,
      { hostPath: driver.path },
      engine.name,
      ...modelWords(suite.model),
      ...argumentWords(options, engine, { list: "name once", map: "json", word }),
      "--host",
      { slot: "host" },
      "--port",
      { slot: "port" },
    ],
    env: {
      // On a CPU vLLM would choose the number of threads itself, by the machine.
      VLLM_CPU_OMP_THREADS_BIND: "nobind",
      ...preludeEnvironment(engine, determinism),
      [settingsVariable]: settingsText({ ...named, engine: { ...named.engine, args } }, determinism),
    },
  };
}

const snakeCase = (args: { readonly [name: string]: Json }) =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name.replace(/^-+/, "").replaceAll("-", "_"), value]),
  );

function modelWords(model: ModelSpec | null): readonly LaunchWord[] {
  if (model === null) return [];
  // A local folder is one revision already.
  const { name, path, revision } = model;
  const which: readonly LaunchWord[] =
    path === null ? [name, ...(revision === null ? [] : ["--revision", revision])] : [{ hostPath: path }];
  return ["--model", ...which, "--served-model-name", name];
}

function modelProblems({ engine, model }: Suite): readonly Problem[] {
  if (model === null || model.path !== null || model.revision !== null) return [];
  return [revisionMissing({ source: model.source, engine: engine.name, name: model.name })];
}

/** The driver runs the server inside the interpreter, so that the prelude comes before it: a command that starts it by itself cannot be used. */
function commandProblems({ engine }: Suite): readonly Problem[] {
  const command = engine.command ?? [];
  const startsItself = command.some((word) => /^-[mc]$|^serve$|(?:^|\/)vllm$|\.py$/.test(word));
  return startsItself
    ? [commandNotInterpreter({ source: engine.source, engine: engine.name, command: command.join(" ") })]
    : [];
}
