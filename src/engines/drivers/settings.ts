/** The determinism settings of a suite, held against what its engine can do. */
import { argumentContradicts, settingWithoutEffect } from "../../messages/engines-driver-suite.ts";
import type { Determinism } from "../../model/determinism.ts";
import { GateError, type Problem } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";

/** Settings of vLLM alone. */
const ofVllm = ["multiprocessing", "batch_invariant"] as const;

/** Throws GateError for a setting without effect, and for an argument that says something else. */
export function driverDeterminism(suite: Suite): Determinism {
  const { engine, determinism } = suite;
  if (determinism === null)
    throw new Error(`engine ${engine.name} is run by a driver, and its suite has no determinism`);
  const { source, name } = engine;
  const problems: Problem[] = [];
  if (name === "transformers") {
    for (const setting of ofVllm) {
      if (determinism[setting]) problems.push(settingWithoutEffect({ source, engine: name, setting, wanted: false }));
    }
  }
  const contradicts = (argument: string, setting: keyof Determinism) =>
    problems.push(
      argumentContradicts({
        source,
        argument,
        given: JSON.stringify(engine.args[argument]),
        setting,
        wanted: String(determinism[setting]),
      }),
    );
  if (engine.args.enforce_eager === false && !determinism.compile) contradicts("enforce_eager", "compile");
  if (engine.args.enforce_eager === true && determinism.compile) contradicts("enforce_eager", "compile");
  if (engine.args.seed !== undefined && engine.args.seed !== determinism.seed) contradicts("seed", "seed");
  if (engine.args.enable_flashinfer_autotune === true && !determinism.autotune)
    contradicts("enable_flashinfer_autotune", "autotune");
  if (problems.length > 0) throw new GateError(problems);
  return determinism;
}
