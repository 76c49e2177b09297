/** An engine's options as the suite writes them, turned into the words of a command line. */
import { argumentTwice, argumentValueInvalid } from "../messages/engines-plan.ts";
import type { Json } from "../model/json.ts";
import type { LaunchWord } from "../model/launch-plan.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { EngineSpec } from "../model/suite.ts";

/** How a command line writes values that are more than a text or a number. */
export interface ArgumentForms {
  /** False: `--no-name`, or nothing at all where a switch is off unless it is named. */
  readonly off: "no-name" | "left out";
  /** A list: `--name a --name b`, or `--name a b`. */
  readonly list: "name repeated" | "name once";
  /** A map has no form, or is one word of JSON. */
  readonly map: "refused" | "json";
  /** Turns the text of a value into a word, such as a file of the host. */
  readonly word: (name: string, text: string) => LaunchWord;
}

const plainForms: ArgumentForms = {
  off: "no-name",
  list: "name repeated",
  map: "refused",
  word: (_, text) => text,
};

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

/** `--name value` for each option, `--name` for true. Throws GateError naming every value that has no form on a command line. */
export function argumentWords(
  options: ReadonlyMap<string, Json>,
  engine: EngineSpec,
  given: Partial<ArgumentForms> = {},
): readonly LaunchWord[] {
  const forms = { ...plainForms, ...given };
  const problems: Problem[] = [];
  const refuse = (name: string, value: Json): readonly LaunchWord[] => {
    problems.push(argumentValueInvalid({ source: engine.source, name, value: JSON.stringify(value) }));
    return [];
  };
  const words = [...options].flatMap(([name, value]): readonly LaunchWord[] => {
    if (value === true) return [`--${name}`];
    if (value === false) return forms.off === "no-name" ? [`--no-${name}`] : [];
    if (typeof value === "string" || typeof value === "number") return [`--${name}`, forms.word(name, String(value))];
    if (!Array.isArray(value))
      return value !== null && forms.map === "json" ? [`--${name}`, JSON.stringify(value)] : refuse(name, value);
    const items = value.flatMap((item): readonly LaunchWord[] =>
      typeof item === "string" || typeof item === "number" ? [forms.word(name, String(item))] : refuse(name, item),
    );
    return forms.list === "name once" ? [`--${name}`, ...items] : items.flatMap((item) => [`--${name}`, item]);
  });
  if (problems.length > 0) throw new GateError(problems);
  return words;
}
