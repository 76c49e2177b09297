/** Options of an engine that a suite must not give, or must give by another name. */
import { argumentOwned, argumentShort } from "../messages/engines-plan.ts";
import type { Problem } from "../model/problem.ts";
import type { EngineSpec } from "../model/suite.ts";

export interface OwnedOptions {
  /** Name to the reason why the gate sets the option, or must not have it set. */
  readonly owned: { readonly [name: string]: string };
  /** Short or older name to the one to write. */
  readonly short: { readonly [name: string]: string };
}

/** A problem for each option of `names` (in kebab-case) that is the gate's or has a longer name. */
export function ownedOptionProblems(
  names: Iterable<string>,
  { source }: EngineSpec,
  { owned, short }: OwnedOptions,
): readonly Problem[] {
  return [...names].flatMap((name) => {
    const why = owned[name];
    const long = short[name];
    if (why !== undefined) return [argumentOwned({ source, name, why })];
    return long === undefined ? [] : [argumentShort({ source, name, long })];
  });
}
