/** The goldens of a change held against those of its base: what it re-records itself, why, and whether that is allowed. */
import { dirname } from "node:path";
import type { GitHubClient } from "../github/client.ts";
import { NotTold } from "../github/commit-files.ts";
import { decodeGolden } from "../goldens/golden-codec.ts";
import { goldenStore } from "../goldens/golden-store.ts";
import { baseNotThere, goldensChanged, goldensNotCompared, lockChanged } from "../messages/golden-changes.ts";
import type { CaseId } from "../model/case.ts";
import type { HardwareClass } from "../model/fingerprint.ts";
import type { AcceptPolicy, GoldenChangeKind } from "../model/golden-change.ts";
import type { Lock, LockedClass, LockedGolden } from "../model/lock.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Report } from "../report/report.ts";
import { textDiff } from "../report/text-diff.ts";
import { type BaseFiles, baseFiles, type NoBase } from "./base-files.ts";
import { type EarlierLock, earlierLock } from "./earlier-lock.ts";
import type { Recorded } from "./load-for-check.ts";
import { lockChanges } from "./lock-changes.ts";
import type { Workbench } from "./workbench.ts";

export interface BaseWish {
  /** Branch, tag or commit that the change is to be merged into. */
  readonly ref: string;
  readonly policy: AcceptPolicy;
  /** Asked for a commit that the clone does not hold; null for nobody. */
  readonly gitHub: GitHubClient | null;
  /** What follows when the base cannot be read: nothing runs, or a warning that nothing was compared. */
  readonly absent: "refused" | "warned";
}

type GoldenChanges = NonNullable<Report["goldenChanges"]>;
type Change = GoldenChanges["cases"][number];

/** Lines of a difference that are kept, and cases whose difference is: the rest is counted. */
const mostLines = 200;
const mostDiffs = 200;

/** Nothing but a warning when the base cannot be read and no policy was asked for. */
export type Held = { readonly changes: GoldenChanges } | { readonly warning: Problem };

/** Throws GateError when the base cannot be read although a policy was asked for, or its goldens are damaged. */
export async function goldenChanges(
  suite: Suite,
  recorded: Recorded,
  wish: BaseWish,
  bench: Pick<Workbench, "files" | "git">,
): Promise<Held> {
  const base = await baseFiles({ folder: suite.folder, ...wish }, bench);
  if ("why" in base) return notCompared(recorded, wish, base);
  try {
    const earlier = await earlierLock(base, recorded, bench.files);
    const before = earlier && { ...earlier, store: goldenStore(dirname(earlier.path), bench.files) };
    const movedFrom = earlier === null || earlier.path === recorded.lockPath ? null : displayPath(earlier.path);
    const cases = await changesSince(base, before, recorded);
    const lock = [...lockChanges(earlier?.lock ?? null, recorded.lock, cases)];
    return { changes: { base: base.commit, policy: wish.policy, movedFrom, cases, lock } };
  } catch (error) {
    if (!(error instanceof NotTold)) throw error;
    return notCompared(recorded, wish, { why: `GitHub did not tell what is in it: ${error.message}` });
  }
}

function notCompared({ lockPath }: Recorded, { ref, absent }: BaseWish, { why }: NoBase): Held {
  const about = { ref, file: displayPath(lockPath), why };
  if (absent === "refused") throw new GateError([baseNotThere(about)]);
  return { warning: goldensNotCompared(about) };
}

/** What the base has of the suite; goldens of a moved one lie elsewhere. */
type Before = EarlierLock & Pick<Recorded, "store">;

async function changesSince(base: BaseFiles, before: Before | null, recorded: Recorded): Promise<Change[]> {
  const { lock, store } = recorded;
  const lockBefore = before?.lock ?? null;
  const cases: Change[] = [];
  for (const found of differences(lockBefore, lock)) {
    const diff = cases.length < mostDiffs ? await diffOf(base, before, recorded, found) : null;
    const { id, hardwareClass, kind, after } = found;
    cases.push({
      ...{ id, hardwareClass, kind, reason: reasonOf(found, lockBefore, lock) },
      generation: after?.generation ?? null,
      file: displayPath(store.pathOf(hardwareClass, id)),
      diff: diff === null ? null : diff.slice(0, mostLines),
      more: Math.max(0, (diff?.length ?? 0) - mostLines),
    });
  }
  return cases;
}

/** Throws GateError when the policy does not allow what was found. A golden that is only added replaces nothing. */
export function assertAllowed({ policy, cases, lock }: GoldenChanges, lockPath: string): void {
  if (policy === "always") return;
  const file = displayPath(lockPath);
  const isRefused = ({ reason }: { readonly reason: string | null }) => policy === "never" || reason === null;
  const goldens = cases.filter((one) => one.kind !== "added" && isRefused(one)).map(({ id }) => id);
  const changes = lock.filter(isRefused).flatMap((one) => one.changes.map((line) => `${one.hardwareClass}: ${line}`));
  const problems = [
    ...(goldens.length > 0 ? [goldensChanged({ file, cases: goldens, policy })] : []),
    ...(changes.length > 0 ? [lockChanged({ file, changes, policy })] : []),
  ];
  if (problems.length > 0) throw new GateError(problems);
}

interface Difference {
  readonly id: CaseId;
  readonly hardwareClass: HardwareClass;
  readonly kind: GoldenChangeKind;
  readonly before: LockedGolden | null;
  readonly after: LockedGolden | null;
}

function differences(before: Lock | null, after: Lock): readonly Difference[] {
  const classes = [...new Set([...(before?.classes.keys() ?? []), ...after.classes.keys()])].sort();
  return classes.flatMap((hardwareClass) => {
    const [one, other] = [before?.classes.get(hardwareClass)?.goldens, after.classes.get(hardwareClass)?.goldens];
    const ids = [...new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])])].sort();
    return ids.flatMap((id): readonly Difference[] => {
      const [was, is] = [one?.get(id) ?? null, other?.get(id) ?? null];
      if (was?.digest === is?.digest) return [];
      const kind = was === null ? "added" : is === null ? "removed" : "changed";
      return [{ id, hardwareClass, kind, before: was, after: is }];
    });
  });
}

/** The reason of the generation that brought it, when the base does not have that generation; null when nobody gave one. */
function reasonOf({ hardwareClass, after }: Difference, before: Lock | null, now: Lock): string | null {
  const known = new Set(generationsOf(before?.classes.get(hardwareClass)));
  const fresh = (now.classes.get(hardwareClass)?.generations ?? []).filter((one) => !known.has(keyOf(one)));
  const own = after === null ? fresh[0] : fresh.find(({ generation }) => generation === after.generation);
  const reason = own?.reason.trim() ?? "";
  return reason === "" ? null : reason;
}

const generationsOf = (locked: LockedClass | undefined) => (locked?.generations ?? []).map(keyOf);
const keyOf = ({ generation, recordedAt, reason }: LockedClass["generations"][number]) =>
  JSON.stringify([generation, recordedAt, reason]);

/** Null where one of the texts is redacted. */
async function diffOf(
  base: BaseFiles,
  earlier: Before | null,
  { store }: Recorded,
  { id, hardwareClass, before, after }: Difference,
): Promise<Change["diff"]> {
  const path = before === null ? null : (earlier?.store.pathOf(hardwareClass, id) ?? null);
  const textBefore = path === null ? null : await base.read(path);
  const was = path === null || textBefore === null ? null : decodeGolden(textBefore, displayPath(path));
  const is = after === null ? null : await store.read(hardwareClass, id, after);
  const texts = [was, is].map((golden) =>
    golden === null ? "" : golden.content.kind === "full" ? golden.content.completion.text : null,
  );
  const [one = null, other = null] = texts;
  return one === null || other === null ? null : [...textDiff(one, other)];
}
