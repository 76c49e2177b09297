/** What a check was about, as digests: the questions, the answers expected, and the lock that holds both. */
import type { Case } from "../model/case.ts";
import type { LockedClass } from "../model/lock.ts";
import type { Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import { digestOf, digestOfJson } from "../platform/hashing.ts";
import type { Report } from "../report/report.ts";
import { caseContract } from "../suite/contract.ts";
import type { Workbench } from "./workbench.ts";

export interface CheckedAgainst {
  readonly suite: Suite;
  /** The cases that were chosen. */
  readonly cases: readonly Case[];
  /** Undefined when nothing was recorded on this hardware class. */
  readonly locked: LockedClass | undefined;
  readonly lockPath: string;
}

/** Over canonical JSON of mappings from case id to the case's own digest. Null when the lock is gone. */
export async function runDigests(
  { suite, cases, locked, lockPath }: CheckedAgainst,
  { files }: Pick<Workbench, "files">,
): Promise<Report["digests"]> {
  const bytes = await files.readBytes(lockPath);
  if (bytes === null) return null;
  const goldens = cases.flatMap(({ id }) => {
    const golden = locked?.goldens.get(id);
    return golden === undefined ? [] : [[id, golden.digest] as const];
  });
  return {
    contract: digestOfJson(Object.fromEntries(cases.map((item) => [item.id, caseContract(suite, item)]))),
    goldens: digestOfJson(Object.fromEntries(goldens)),
    lock: { file: displayPath(lockPath), digest: digestOf(bytes) },
  };
}
