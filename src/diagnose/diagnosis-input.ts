/** What a diagnosis may look at, and what every probe for a cause is. */
import type { Comparison } from "../model/comparison.ts";
import type { Cause, Diagnosis } from "../model/diagnosis.ts";
import type { EnvironmentChange } from "../model/fingerprint.ts";

export interface DiagnosisInput {
  /** Of every case that was compared, the matching ones too: they are the control. */
  readonly comparisons: readonly Comparison[];
  readonly environmentChanges: readonly EnvironmentChange[];
  /** Changes of the contract that all cases share, in plain words. */
  readonly contractChanges: readonly string[];
  /** By case id, changes of its own contract, in plain words. */
  readonly caseContractChanges: ReadonlyMap<string, readonly string[]>;
  /** Ids of cases whose repeats in this run differ from each other. */
  readonly unstableCases: readonly string[];
}

/**
 * Looks for one cause among `open`, the differing comparisons that no earlier cause explains. Null when the evidence is not
 * there. Cases named in the result are explained and seen by no later probe.
 */
export type CauseProbe = (input: DiagnosisInput, open: readonly Comparison[]) => Finding | null;

export type Finding = Omit<Diagnosis, "cause">;

export type CauseProbes = Record<Cause, CauseProbe>;
