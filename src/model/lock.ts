/** What `record` resolved and measured, per hardware class. */
import type { CaseId } from "./case.ts";
import type { Digest } from "./digest.ts";
import type { FactValue, HardwareClass } from "./fingerprint.ts";
import type { Json } from "./json.ts";

export interface LockedGolden {
  /** sha256 of the golden file's bytes. */
  readonly digest: Digest;
  /** Contract of the case when it was recorded. */
  readonly contract: Digest;
  readonly generation: number;
}

/** Whose answers a generation holds when it was accepted from a failed check instead of recorded. */
export interface Acceptance {
  /** Address of the run; null for a check on this machine. */
  readonly run: string | null;
  /** Full id of the commit that was checked; null outside of a repository. */
  readonly commit: string | null;
  /** When the check started; ISO 8601, UTC. */
  readonly checkedAt: string;
}

export interface LockedGeneration {
  readonly generation: number;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
  /** Such as `inference-gate 0.1.0`. */
  readonly recordedBy: string;
  /** Null for a recording. */
  readonly accepted: Acceptance | null;
}

export interface LockedClass {
  /** Newest first; never empty. */
  readonly generations: readonly [LockedGeneration, ...LockedGeneration[]];
  /** The part of the contract that all cases share, written out so that a changed field can be named. */
  readonly contract: { readonly [name: string]: Json };
  readonly environment: { readonly [key: string]: FactValue };
  readonly goldens: ReadonlyMap<CaseId, LockedGolden>;
}

export interface Lock {
  readonly suite: string;
  readonly classes: ReadonlyMap<HardwareClass, LockedClass>;
}
