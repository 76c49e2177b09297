/** Verdicts of a case and of a run, and the exit code of each. */

export const caseVerdicts = ["match", "close", "drift", "unstable", "missing", "obsolete", "error"] as const;
export type CaseVerdict = (typeof caseVerdicts)[number];

export const runVerdicts = ["match", "drift", "usage", "error", "unstable", "environment-changed"] as const;
export type RunVerdict = (typeof runVerdicts)[number];

/** Process exit code of each run verdict. */
export const exitCodes = {
  match: 0,
  drift: 1,
  usage: 2,
  error: 3,
  unstable: 4,
  "environment-changed": 5,
} as const satisfies Record<RunVerdict, number>;

/**
 * The one verdict of a run. An incomplete run (`error`, a case without golden, a golden without case, no case at all) yields
 * no judgement on the change; after that the first reason in reading order wins: environment, engine, output.
 */
export function runVerdict(cases: readonly CaseVerdict[], environmentChanged: boolean): RunVerdict {
  const has = (verdict: CaseVerdict) => cases.includes(verdict);
  if (cases.length === 0 || has("error") || has("missing") || has("obsolete")) {
    return environmentChanged && !has("error") && cases.length > 0 ? "environment-changed" : "error";
  }
  if (environmentChanged) return "environment-changed";
  if (has("unstable")) return "unstable";
  if (has("drift")) return "drift";
  return "match";
}
