/** Where a run and its goldens come from, as rows for a reader. */
import type { LockedClass } from "../model/lock.ts";
import { displayPath } from "../platform/display-path.ts";
import { digestOfJson } from "../platform/hashing.ts";
import type { RunDetail } from "../report/detail.ts";
import type { Report } from "../report/report.ts";

export interface ProvenanceOf {
  /** What the lock holds of this hardware class; null when nothing was recorded on it. */
  readonly locked: LockedClass | null;
  /** Null when no suite was loaded. */
  readonly lockPath: string | null;
  readonly runUrl: string | null;
}

/** Rows whose value is not known are left out. */
export function provenanceOf(report: Report, { locked, lockPath, runUrl }: ProvenanceOf): RunDetail["provenance"] {
  const generation = locked?.generations.find((one) => one.generation === report.generation) ?? null;
  const rows: readonly (readonly [label: string, value: string | null])[] = [
    ["Tool", report.tool],
    ["Command", report.command],
    ["Started", report.startedAt],
    ["Run", runUrl],
    ["Commit", report.commit],
    ["Suite", report.suite === null ? null : `${report.suite.name} (${report.suite.path})`],
    ["Lock", lockPath === null ? null : displayPath(lockPath)],
    ["Hardware class", report.hardwareClass],
    ["Generation", report.generation === null ? null : String(report.generation)],
    ["Recorded", generation === null ? null : `${generation.recordedAt} by ${generation.recordedBy}`],
    ["Reason", generation === null || generation.reason === "" ? null : generation.reason],
    ["Shared contract", locked === null ? null : digestOfJson(locked.contract)],
    ...report.environment.facts
      .filter(({ key }) => /^image\b/.test(key))
      .map(({ key, value }) => [key, value === null ? null : String(value)] as const),
    ["Transcript", report.transcript],
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}
