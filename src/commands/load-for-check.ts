/** Everything a check needs from disk, read and verified before anything is launched. */
import { type GoldenStore, goldenStore } from "../goldens/golden-store.ts";
import { assertNoInterruptedRecording } from "../goldens/recording.ts";
import { commitOfRef } from "../hub/cached-snapshot.ts";
import { noGoldensYet } from "../messages/commands.ts";
import type { Lock } from "../model/lock.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { RuntimeName, Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import { assertLockOf, loadLock, lockPathOf } from "../suite/load-lock.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Workbench } from "./workbench.ts";

export interface Recorded {
  readonly lock: Lock;
  readonly lockPath: string;
  readonly store: GoldenStore;
}

/** `runtime` takes the place of the suite's own unless it is null. Throws GateError with every mistake of the suite and its case files. */
export function loadSuiteFor(bench: Workbench, suitePath: string, runtime: RuntimeName | null = null): Promise<Suite> {
  return loadSuite(
    suitePath,
    bench.files,
    (engine) => bench.engines[engine].sampling,
    (model, ref) => commitOfRef(bench.hubCache, model, ref),
    runtime,
  );
}

/** Throws GateError when nothing was recorded, a recording was interrupted, or any golden is not what the lock says. */
export async function loadRecorded(suite: Suite, bench: Workbench): Promise<Recorded> {
  await assertNoInterruptedRecording(suite.folder, bench.files);
  const lockPath = lockPathOf(suite.path);
  const lock = await loadLock(lockPath, bench.files);
  if (lock === null) throw new GateError([noGoldensYet({ lockPath: displayPath(lockPath) })]);
  assertLockOf(lock, suite, lockPath);
  const store = goldenStore(suite.folder, bench.files);
  const problems: Problem[] = [];
  for (const [hardwareClass, locked] of lock.classes) problems.push(...(await store.verify(locked, hardwareClass)));
  if (problems.length > 0) throw new GateError(problems);
  return { lock, lockPath, store };
}
