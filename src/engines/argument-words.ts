/** An engine's options as the suite writes them, turned into the words of a command line. */
import { argumentTwice, argumentValueInvalid } from "../messages/engines-plan.ts";
import type { Json } from "../model/json.ts";
import type { LaunchWord } from "../model/launch-plan.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { EngineSpec } from "../model/suite.ts";

/** Name of an option without dashes, in kebab-case: `ctx_size`, `--ctx-size` and `ctx-size` are all `ctx-size`. */
export function optionName(key: string): string {
  return key.replace(/^-+/, "").replaceAll("_", "-");
}

/** Options by their kebab-case names. Throws GateError naming those that were given twice. */
export function namedOptions(engine: EngineSpec): ReadonlyMap<string, Json> {
  const keys = new Map<string, string>();
  const options = new Map<string, Json>();
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(engine.args)) {
    const name = optionName(key);
    const earlier = keys.get(name);
    if (earlier === undefined) {
      keys.set(name, key);
      options.set(name, value);
    } else problems.push(argumentTwice({ source: engine.source, first: earlier, second: key }));
  }
  if (problems.length > 0) throw new GateError(problems);
  return options;
}

/**
 * `--name value`; `--name` for true, `--no-name` for false, repeated for a list. `word` turns the text of a value into a word, such as
 * a file of the host. Throws GateError naming every value that has no form on a command line.
 */
export function argumentWords(
  options: ReadonlyMap<string, Json>,
  engine: EngineSpec,
  word: (name: string, text: string) => LaunchWord = (_, text) => text,
): readonly LaunchWord[] {
  const problems: Problem[] = [];
  const words = [...options].flatMap(([name, value]): LaunchWord[] => {
    if (typeof value === "boolean") return [`--${value ? "" : "no-"}${name}`];
    const items: readonly Json[] = Array.isArray(value) ? value : [value];
    return items.flatMap((item): LaunchWord[] => {
      if (typeof item === "string" || typeof item === "number") return [`--${name}`, word(name, String(item))];
      problems.push(argumentValueInvalid({ source: engine.source, name, value: JSON.stringify(item) }));
      return [];
    });
  });
  if (problems.length > 0) throw new GateError(problems);
  return words;
}
