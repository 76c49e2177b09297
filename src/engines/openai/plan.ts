/** How an OpenAI-compatible server is started, or where one runs already. */
import { argumentOwned, commandMissing, modelMissing } from "../../messages/engines-plan.ts";
import type { LaunchPlan, Readiness } from "../../model/launch-plan.ts";
import { GateError, type Problem } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";
import { argumentWords, namedOptions } from "../argument-words.ts";
import { commandWords } from "../command-words.ts";

const ownedByGate: { readonly [name: string]: string } = {
  host: "the gate chooses the address",
  port: "the gate chooses a free port for each launch",
};

export const keyVariable = "OPENAI_API_KEY";

/** Throws GateError with every mistake in the suite's engine options. */
export function openAiPlan(suite: Suite): LaunchPlan {
  const { engine, model, timeouts, folder } = suite;
  const { source } = engine;
  const isAttached = suite.runtime === "attached";
  const options = namedOptions(engine);
  const words = commandWords(engine.command, folder);
  const problems: Problem[] = [];
  for (const name of options.keys()) {
    const why = ownedByGate[name];
    if (why !== undefined) problems.push(argumentOwned({ source, name, why }));
  }
  if (words === null && !isAttached)
    problems.push(
      commandMissing({ source, engine: "openai", example: '["vllm", "serve", "org/model", "--revision", "…"]' }),
    );
  if (model === null)
    problems.push(modelMissing({ source, engine: "openai", expected: "model.name, as the server calls it" }));
  if (problems.length > 0) throw new GateError(problems);
  return {
    argv: [
      // Runtime attached starts nothing and reads no word of this.
      ...(words ?? ["true"]),
      ...argumentWords(options, engine),
      "--host",
      { slot: "host" },
      "--port",
      { slot: "port" },
    ],
    env: engine.env,
    workingDirectory: folder,
    transport: "http",
    readiness: readinessOf(suite),
    startupTimeoutMs: timeouts.startupMs,
    stopTimeoutMs: timeouts.stopMs,
    hints: [
      "Run the command by hand and ask it: GET /v1/models must answer 200.",
      "The command must take --host and --port; put a small script in between if it does not.",
    ],
    attachedUrl: engine.url?.replace(/\/v1\/?$/, "") ?? null,
  };
}

/** A server with a key answers 401 to whoever only looks; `open` then asks it with the key. */
function readinessOf({ engine, runtime }: Suite): readonly Readiness[] {
  if (engine.env[keyVariable] === undefined) return [{ kind: "http", path: "/v1/models", status: 200 }];
  return runtime === "attached" ? [] : [{ kind: "http", path: "/health", status: 200 }];
}
