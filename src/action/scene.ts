/** What the gate step works with: its inputs, its log, the runner, the folder for its files, and what must not be seen. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GateError, type Problem } from "../model/problem.ts";
import type { ProgressEvent } from "../model/progress.ts";
import { createProgress, everyUnreferenced } from "../progress/progress.ts";
import type { Inputs } from "./inputs.ts";
import { type StepLog, stepLog } from "./log.ts";
import { inputsVariable, parseInputs } from "./parse-inputs.ts";
import { type Core, type Runner, runnerBy } from "./runner.ts";
import { secretsIn } from "./secrets.ts";

export interface Scene {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute root of the repository. */
  readonly root: string;
  /** The defaults where those that were given are wrong. */
  readonly inputs: Inputs;
  /** What is wrong with the inputs. */
  readonly problems: readonly Problem[];
  readonly runner: Runner;
  readonly log: StepLog;
  readonly secrets: readonly string[];
  /** Absolute; a new one for each gate step of a job. */
  readonly reportFolder: string;
  readonly onProgress: (event: ProgressEvent) => void;
  /** Nothing more will be told of the run. */
  finishProgress(): void;
}

export async function openScene(core: Core, env: NodeJS.ProcessEnv): Promise<Scene> {
  const runner = runnerBy(core, env);
  const { inputs, problems } = readInputs(env);
  const secrets = secretsIn(env, inputs["github-token"]);
  for (const secret of secrets) runner.hide(secret);
  const log = stepLog((text) => process.stdout.write(text), secrets);
  const progress = createProgress({
    write: log.write,
    look: { width: 120, kind: "log" },
    now: () => performance.now(),
    every: everyUnreferenced,
    defects: env.INFERENCE_GATE_DEBUG === "1" ? "shown" : "hidden",
  });
  return {
    ...{ env, inputs, problems, runner, log, secrets },
    root: env.GITHUB_WORKSPACE ?? process.cwd(),
    reportFolder: await mkdtemp(join(env.RUNNER_TEMP ?? tmpdir(), "inference-gate-")),
    onProgress(event) {
      if (event.kind === "engine-log") log.engineLine(event.line);
      progress.report(event);
    },
    finishProgress: progress.finish,
  };
}

function readInputs(env: NodeJS.ProcessEnv): Pick<Scene, "inputs" | "problems"> {
  try {
    return { inputs: parseInputs(env[inputsVariable]), problems: [] };
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    return { inputs: parseInputs("{}"), problems: error.problems };
  }
}
