/** `environment`: starts the suite's engine, measures what a recording would lock, and stops it; no case is replayed. */
import { factWeight } from "../environment/fact-weights.ts";
import { type Fact, type FactGroup, factGroups, type HardwareClass } from "../model/fingerprint.ts";
import { loadSuiteFor } from "./load-for-check.ts";
import { withEngine } from "./with-engine.ts";
import type { Workbench } from "./workbench.ts";

export interface MeasuredEnvironment {
  readonly hardwareClass: HardwareClass;
  /** In the order of the groups, none empty; of the facts of a group those that most likely change outputs first. */
  readonly groups: readonly { readonly group: FactGroup; readonly facts: readonly Fact[] }[];
}

/** Throws GateError for a suite that cannot be loaded and an engine that cannot be started or measured. */
export async function measureEnvironment(suitePath: string, bench: Workbench): Promise<MeasuredEnvironment> {
  const suite = await loadSuiteFor(bench, suitePath);
  return withEngine(suite, { number: 1, of: 1 }, bench, async ({ fingerprint: { hardwareClass, facts } }) => {
    const weighed = facts.map((fact) => ({ fact, ...factWeight(fact.key) })).sort((a, b) => a.rank - b.rank);
    const groups = factGroups.map((group) => ({
      group,
      facts: weighed.filter((one) => one.group === group).map(({ fact }) => fact),
    }));
    return { hardwareClass, groups: groups.filter((one) => one.facts.length > 0) };
  });
}
