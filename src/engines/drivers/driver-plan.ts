/** How a driver of ours is launched: the package as one folder, the settings in one variable, paths as words that a runtime can mount. */
import { resolve } from "node:path";
import { driverMissing } from "../../messages/engines-driver.ts";
import { revisionMissing } from "../../messages/engines-driver-suite.ts";
import { argumentOwned, modelMissing } from "../../messages/engines-plan.ts";
import type { Determinism } from "../../model/determinism.ts";
import type { LaunchPlan, LaunchWord } from "../../model/launch-plan.ts";
import { GateError, type Problem } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";
import { isPathText } from "../../model/tokenizer-option.ts";
import { findDriver } from "../../platform/drivers-folder.ts";
import { commandWords } from "../command-words.ts";
import { stdioPlan } from "../protocols/stdio-plan.ts";
import { preludeEnvironment } from "./environment.ts";
import { driverDeterminism } from "./settings.ts";
import { tokenizerProblems } from "./tokenizer-problems.ts";

/** Name of the variable that drivers/inference_gate/settings.py reads. */
export const settingsVariable = "INFERENCE_GATE_SETTINGS";
const settingsVersion = 1;

/** Arguments that say what `model` of the suite says. */
const ownedByGate: { readonly [name: string]: string } = {
  model: "`model` of the suite names the model",
  revision: "model.revision is the revision",
};

/** Runs under `python3`, or the interpreter that engine.command names. Throws GateError with every mistake. */
export function driverPlan(suite: Suite, hints: readonly string[]): LaunchPlan {
  const { engine, model, folder } = suite;
  const problems = driverProblems(suite);
  const driver = findDriver("inference_gate");
  if (driver.kind === "missing") throw new GateError([driverMissing({ searched: driver.searched })]);
  if (problems.length > 0) throw new GateError(problems);
  const determinism = driverDeterminism(suite);
  const env = preludeEnvironment(engine, determinism);
  const paths: LaunchWord[] = [];
  const mounted = (place: string, path: string) =>
    paths.push("--path", { hostPath: resolve(folder, path), prefix: `${place}=` });
  if (model?.path) mounted("model", model.path);
  for (const [name, value] of Object.entries(engine.args)) if (isPath(value)) mounted(`args.${name}`, value);
  const [program, ...rest] = commandWords(engine.command, folder) ?? ["python3"];
  const plan = stdioPlan(suite, [program, ...rest, { hostPath: driver.path }, engine.name, ...paths], hints);
  return {
    ...plan,
    env: { ...env, [settingsVariable]: settingsText(suite, determinism) },
    // An interpreter may print before our driver has the word: a sitecustomize of the image, a wrapper around it.
    readiness: [{ kind: "message", type: "ready", skipsPrints: true }],
  };
}

/** What the driver reads, as JSON; paths are left to its words. */
export function settingsText(suite: Suite, determinism: Determinism): string {
  const { engine, model } = suite;
  return JSON.stringify({
    version: settingsVersion,
    args: engine.args,
    model: { name: model?.name ?? null, revision: model?.revision ?? null, path: null },
    determinism,
    sampling_fields: givenFields(suite),
  });
}

/** Any other text is a name or a value of the engine's own. */
const isPath = (value: unknown): value is string => typeof value === "string" && isPathText(value);

/** Names of all sampling fields that any case uses, so that the driver can refuse one before it loads a model. */
function givenFields({ cases }: Suite): string[] {
  const names = cases.flatMap(({ sampling }) => [...sampling.given, ...Object.keys(sampling.extra)]);
  return [...new Set(names)].sort();
}

function driverProblems({ engine, model }: Suite): readonly Problem[] {
  const { source, name, args } = engine;
  const problems: Problem[] = Object.entries(ownedByGate).flatMap(([argument, why]) =>
    argument in args ? [argumentOwned({ source, name: argument, why })] : [],
  );
  problems.push(...tokenizerProblems(engine));
  if (model === null) {
    problems.push(modelMissing({ source, engine: name, expected: "model.name with model.revision, or model.path" }));
  } else if (model.path === null && model.revision === null) {
    problems.push(revisionMissing({ source: model.source, engine: name, name: model.name }));
  }
  return problems;
}
