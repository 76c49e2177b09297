/** Which cases a recording has to ask, given what the lock already holds for this hardware class. */
import { describeChange, environmentDifference } from "../environment/environment-difference.ts";
import { wouldMixGenerations } from "../messages/commands.ts";
import type { Case, CaseId } from "../model/case.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { LockedClass } from "../model/lock.ts";
import { GateError } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import { caseContract, contractChanges, sharedContract } from "../suite/contract.ts";

export const recordModes = ["missing", "changed", "all"] as const;
/** `missing`: cases without a golden; `changed`: also cases whose contract or environment differs; `all`: every case. */
export type RecordMode = (typeof recordModes)[number];

export interface RecordingSelection {
  readonly cases: readonly Case[];
  /** Goldens that stay as they are. */
  readonly kept: readonly CaseId[];
  /** Goldens whose case is gone, to be removed with the commit. */
  readonly obsolete: readonly CaseId[];
  /** Whole: the environment or the shared contract is new, so every case must be recorded or none. */
  readonly scope: "whole" | "partial";
}

/** Throws GateError when a partial recording would put two environments beside each other. */
export function recordingSelection(
  suite: Suite,
  request: { readonly mode: RecordMode; readonly chosen: readonly Case[]; readonly lockPath: string },
  locked: LockedClass | null,
  now: Fingerprint,
): RecordingSelection {
  if (locked === null) return { cases: request.chosen, kept: [], obsolete: [], scope: "partial" };
  const changes = [
    ...environmentDifference(locked.environment, now, { driver: suite.driverPolicy })
      .filter((change) => change.weight === "breaking")
      .map(describeChange),
    ...contractChanges(locked.contract, sharedContract(suite)),
  ];
  const known = new Set<CaseId>(suite.cases.map((item) => item.id));
  const gone = [...locked.goldens.keys()].filter((id) => !known.has(id));
  const obsolete = request.mode === "missing" || request.chosen.length < suite.cases.length ? [] : gone;
  if (changes.length > 0) {
    if (request.mode === "missing" || request.chosen.length < suite.cases.length) {
      const mode = request.mode === "missing" ? "missing" : `${request.mode} --cases`;
      throw new GateError([wouldMixGenerations({ mode, changes, lockPath: displayPath(request.lockPath) })]);
    }
    return { cases: request.chosen, kept: [], obsolete, scope: "whole" };
  }
  const cases = request.chosen.filter((item) => isWanted(request.mode, item, suite, locked));
  const asked = new Set(cases.map((item) => item.id));
  const kept = [...locked.goldens.keys()].filter((id) => !asked.has(id) && !obsolete.includes(id));
  return { cases, kept, obsolete, scope: "partial" };
}

function isWanted(mode: RecordMode, item: Case, suite: Suite, locked: LockedClass): boolean {
  const golden = locked.goldens.get(item.id);
  if (mode === "all" || golden === undefined) return true;
  return mode === "changed" && golden.contract !== caseContract(suite, item);
}
