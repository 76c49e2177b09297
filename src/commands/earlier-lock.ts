/** The lock that a suite had in the base: at the same path, or where the change has moved the suite from, since moving one judges nothing anew. */
import type { Lock } from "../model/lock.ts";
import { GateError } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Files } from "../platform/files.ts";
import { lockOfText } from "../suite/load-lock.ts";
import type { BaseFiles } from "./base-files.ts";
import type { Recorded } from "./load-for-check.ts";

export interface EarlierLock {
  readonly lock: Lock;
  /** Absolute, as it would be in the work tree. */
  readonly path: string;
}

/** Null for a suite that the base has nothing of. Throws GateError for a lock at the same path that is damaged. */
export async function earlierLock(
  base: BaseFiles,
  { lock, lockPath }: Pick<Recorded, "lock" | "lockPath">,
  files: Pick<Files, "exists">,
): Promise<EarlierLock | null> {
  const here = await base.read(lockPath);
  if (here !== null) return { lock: lockOfText(here, nameOf(lockPath, base)), path: lockPath };
  let nearest: EarlierLock | null = null;
  for (const path of (await base.paths()).filter((one) => one.endsWith(".lock.yml"))) {
    // One that is still there belongs to another suite.
    if (await files.exists(path)) continue;
    const found = lockOrNull((await base.read(path)) ?? "", nameOf(path, base));
    if (found === null || kinship(found, lock) <= (nearest === null ? 0 : kinship(nearest.lock, lock))) continue;
    nearest = { lock: found, path };
  }
  return nearest;
}

const nameOf = (path: string, { commit }: BaseFiles) => `${displayPath(path)} at ${commit.slice(0, 12)}`;

/** Null for what is no lock of ours. */
function lockOrNull(text: string, file: string): Lock | null {
  try {
    return lockOfText(text, file);
  } catch (error) {
    if (error instanceof GateError) return null;
    throw error;
  }
}

/** How much tells that both are locks of one suite: its name first, then the share of cases that both have; 0 for nothing. */
function kinship(before: Lock, now: Lock): number {
  const [old, own] = [idsOf(before), idsOf(now)];
  const shared = [...old].filter((id) => own.has(id)).length;
  return (before.suite === now.suite ? 1 : 0) + shared / Math.max(1, old.size, own.size);
}

const idsOf = ({ classes }: Lock): ReadonlySet<string> =>
  new Set([...classes.values()].flatMap(({ goldens }) => [...goldens.keys()]));
