/** Why a run differs: ranked causes with the evidence for each. */

export const causes = [
  "environment",
  "contract",
  "tokenizer",
  "unstable-engine",
  "weights",
  "sampler",
  "numerics",
  "stop-condition",
  "detokenizer",
  "silent-drift",
  "unknown",
] as const;
export type Cause = (typeof causes)[number];

export interface Diagnosis {
  readonly cause: Cause;
  /** One sentence in plain words. */
  readonly sentence: string;
  /** Measured facts that speak for it, one a line. */
  readonly evidence: readonly string[];
  /** Ids of the cases it explains. */
  readonly cases: readonly string[];
}
