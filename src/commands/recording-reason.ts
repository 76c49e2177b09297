/** Why goldens change: what may stand in the lock, and when it must be given. */
import { badOption, reasonMissing } from "../messages/commands.ts";
import type { Lock, LockedClass } from "../model/lock.ts";
import { GateError } from "../model/problem.ts";
import type { Files } from "../platform/files.ts";
import { parseReport } from "../report/parse-report.ts";
import { lastReportPath } from "./work-folder.ts";

/** Of a first generation for which none was given. */
export const firstReason = "first recording";

/** Null when there is none. Throws GateError for text that no YAML file can hold. */
export function givenReason(given: string | null): string | null {
  const reason = given?.trim() ?? "";
  if (/\0|\p{Surrogate}/u.test(reason)) {
    const expected = "text without NUL and without half of a character";
    throw new GateError([badOption({ option: "--reason", found: reason, expected })]);
  }
  return reason === "" ? null : reason;
}

/** Throws GateError when a generation of this class is there already, and nobody says why the next one replaces it. */
export function assertReason(reason: string | null, locked: LockedClass | null): void {
  if (reason !== null || locked === null) return;
  throw new GateError([reasonMissing({ generation: locked.generations[0].generation + 1 })]);
}

/**
 * The same before an engine is launched, when the last run here tells which class this machine is. On a machine that has run nothing yet the
 * class is known only after the launch; it may be a new one, which needs no reason.
 */
export async function assertReasonEarly(
  reason: string | null,
  lock: Lock | null,
  suitePath: string,
  files: Files,
): Promise<void> {
  if (reason !== null || lock === null) return;
  const last = await lastClass(suitePath, files);
  const met = [...lock.classes].find(([hardwareClass]) => hardwareClass === last);
  assertReason(reason, met?.[1] ?? null);
}

async function lastClass(suitePath: string, files: Files): Promise<string | null> {
  const path = lastReportPath(suitePath);
  try {
    const text = await files.readText(path);
    return text === null ? null : parseReport(text, path).hardwareClass;
  } catch (error) {
    // A report that cannot be read tells nothing; the launch will.
    if (error instanceof GateError) return null;
    throw error;
  }
}
