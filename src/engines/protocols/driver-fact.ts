/** A fact that one of our drivers measured inside the engine's process. */
import type { Fact, FactValue } from "../../model/fingerprint.ts";

/** Keys that stay as they are; any other gets `engine.` in front. */
const ownPrefix = /^(?:engine|model|package|python|torch|gpu|driver)\./;

export function driverFact(key: string, value: FactValue, source: string): Fact {
  return { key: ownPrefix.test(key) ? key : `engine.${key}`, value, source };
}
