/** Engine `scripted`: answers from a file, with scripted faults, played by a real process; for tests, docs and people writing workflows. */
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { argumentUnknown } from "../../messages/engines-plan.ts";
import { scriptMissing, scriptNeedsCounter, scriptUnreadable } from "../../messages/engines-script.ts";
import type { LaunchPlan, LaunchWord } from "../../model/launch-plan.ts";
import { GateError, type Problem } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";
import { namedOptions } from "../argument-words.ts";
import type { Engine } from "../engine.ts";
import { everySamplingField } from "../every-sampling-field.ts";
import { openJsonLines } from "../protocols/json-lines-session.ts";
import { stdioPlan } from "../protocols/stdio-plan.ts";
import { scriptedBundle } from "./bundle-path.ts";
import { readScript } from "./read-script.ts";
import { dependsOnLaunch } from "./scripted-answer.ts";

const knownOptions = ["script", "launch-counter"];

/** `bundle` gives the absolute path of the program. */
export function createScripted(bundle: () => string): Engine {
  return {
    name: "scripted",
    sampling: { fields: everySamplingField, extra: [], tokenIds: true },
    plan: (suite) => plan(suite, bundle),
    open: openJsonLines,
  };
}

export const scripted = createScripted(scriptedBundle);

/** Throws GateError with every mistake in the options, or else in the script. */
function plan(suite: Suite, bundle: () => string): LaunchPlan {
  const { engine, folder } = suite;
  const { source } = engine;
  const options = namedOptions(engine);
  const problems: Problem[] = [...options.keys()]
    .filter((name) => !knownOptions.includes(name))
    .map((name) => argumentUnknown({ source, name, known: knownOptions }));
  const script = options.get("script");
  if (typeof script !== "string") throw new GateError([...problems, scriptMissing({ source })]);
  const path = resolve(folder, script);
  const counter = options.get("launch-counter");
  problems.push(...scriptProblems(suite, path, counter !== undefined));
  if (problems.length > 0) throw new GateError(problems);
  const counted: readonly LaunchWord[] =
    counter === undefined ? [] : ["--launch-counter", resolve(folder, String(counter))];
  return stdioPlan(
    suite,
    [process.execPath, { hostPath: bundle() }, "--script", { hostPath: path }, ...counted],
    ["Look at `start` in the script: it may say that the start fails or is slow."],
  );
}

function scriptProblems({ engine: { source } }: Suite, path: string, hasCounter: boolean): readonly Problem[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return [scriptUnreadable({ source, path, reason: error instanceof Error ? error.message : String(error) })];
  }
  const shown = relative(process.cwd(), path);
  const read = readScript(text, shown.length < path.length ? shown : path);
  if (read.kind === "invalid") return read.problems;
  return dependsOnLaunch(read.script) && !hasCounter ? [scriptNeedsCounter({ location: read.location })] : [];
}
