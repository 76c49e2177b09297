/** What a run has found so far; it grows while the run goes on, so that an interrupted run still reports what it knows. */
import type { Diagnosis } from "../model/diagnosis.ts";
import type { EnvironmentChange, Fingerprint } from "../model/fingerprint.ts";
import type { Problem } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import type { Report } from "../report/report.ts";
import type { CaseResult } from "./case-result.ts";

export interface RunFindings {
  suite: Suite | null;
  /** Full id of the commit that is checked out; null outside of a repository. */
  commit: string | null;
  fingerprint: Fingerprint | null;
  generation: number | null;
  environmentChanges: readonly EnvironmentChange[];
  /** Changes of the contract that all cases share. */
  contractChanges: readonly string[];
  results: CaseResult[];
  diagnoses: readonly Diagnosis[];
  problems: Problem[];
  /** What a reader must know beside the verdict. */
  warnings: Problem[];
  tokensReused: number;
  /** Time spent in replaying, for tokens per second. */
  replayMs: number;
  /** What a check was about; null until that is known. */
  digests: Report["digests"];
  /** Null when nothing was compared with a base. */
  goldenChanges: Report["goldenChanges"];
  record: Report["record"];
  transcript: string | null;
}

/** Nothing found yet. */
export function noFindings(): RunFindings {
  return {
    suite: null,
    commit: null,
    fingerprint: null,
    generation: null,
    environmentChanges: [],
    contractChanges: [],
    results: [],
    diagnoses: [],
    problems: [],
    warnings: [],
    tokensReused: 0,
    replayMs: 0,
    digests: null,
    goldenChanges: null,
    record: null,
    transcript: null,
  };
}
