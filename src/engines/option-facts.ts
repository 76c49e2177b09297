/** An engine's options as facts: what the suite gives, and nothing of a server that somebody else started. */
import type { EngineFacts } from "../model/request.ts";
import type { Suite } from "../model/suite.ts";
import { optionName } from "./argument-words.ts";

/** `engine.flag.<option>` for each of engine.args. */
export function optionFacts({ engine, runtime }: Suite): EngineFacts {
  return Object.entries(runtime === "attached" ? {} : engine.args).map(([key, value]) => ({
    key: `engine.flag.${optionName(key)}`,
    value: typeof value === "object" ? JSON.stringify(value) : value,
    source: "engine.args",
  }));
}
