/** What a change writes into the lock beside its goldens, and which generations of the base it rewrites: later checks are held against it. */
import { describeChange, environmentDifference } from "../environment/environment-difference.ts";
import type { Fingerprint, HardwareClass } from "../model/fingerprint.ts";
import type { Lock, LockedClass, LockedGeneration } from "../model/lock.ts";
import type { Report } from "../report/report.ts";
import { contractChanges } from "../suite/contract-changes.ts";

type GoldenChanges = NonNullable<Report["goldenChanges"]>;
type LockChange = GoldenChanges["lock"][number];

/** Lines that are kept of a class: the rest is counted. */
const mostLines = 20;

/**
 * One entry a hardware class that both locks have. A new generation with a reason speaks for what it brings: nothing is told where
 * its re-recorded `cases` tell of it, or where only facts without a verdict differ. Nothing speaks for a rewritten generation.
 */
export function lockChanges(before: Lock | null, after: Lock, cases: GoldenChanges["cases"]): readonly LockChange[] {
  return [...after.classes].flatMap(([hardwareClass, now]): readonly LockChange[] => {
    const was = before?.classes.get(hardwareClass);
    if (was === undefined) return [];
    const history = rewritten(was, now);
    const facts = environmentDifference(was.environment, measuredAs(now, hardwareClass), { driver: "strict" });
    const contract = contractChanges(was.contract, now.contract);
    const given = newReason(was, now);
    const isTold = cases.some((one) => one.hardwareClass === hardwareClass && one.kind !== "added");
    const isGrave = contract.length > 0 || facts.some(({ weight }) => weight === "breaking");
    if (history.length === 0 && given !== null && (isTold || !isGrave)) return [];
    const lines = [...history, ...facts.map(describeChange), ...contract.map((line) => `contract: ${line}`)];
    if (lines.length === 0) return [];
    return [
      {
        ...{ hardwareClass, reason: history.length > 0 ? null : given },
        changes: lines.slice(0, mostLines),
        more: Math.max(0, lines.length - mostLines),
      },
    ];
  });
}

const measuredAs = ({ environment }: LockedClass, hardwareClass: HardwareClass): Fingerprint => ({
  hardwareClass,
  facts: Object.entries(environment).map(([key, value]) => ({ key, value, source: "lock" })),
});

/** One line a generation of the base that is gone or says something else. */
function rewritten(was: LockedClass, now: LockedClass): readonly string[] {
  const kept = new Map(now.generations.map((one) => [one.generation, one]));
  return was.generations.flatMap((one) => {
    const other = kept.get(one.generation);
    if (other === undefined) return [`generation ${one.generation} is gone`];
    return wordsOf(one) === wordsOf(other) ? [] : [`generation ${one.generation} was rewritten`];
  });
}

const wordsOf = ({ reason, recordedAt, recordedBy, accepted }: LockedGeneration) =>
  JSON.stringify([reason, recordedAt, recordedBy, accepted && [accepted.run, accepted.commit, accepted.checkedAt]]);

/** Of the newest generation when the base has none of its number; null when nobody gave one. */
function newReason(was: LockedClass, { generations: [newest] }: LockedClass): string | null {
  const reason = newest.reason.trim();
  return reason === "" || was.generations.some(({ generation }) => generation === newest.generation) ? null : reason;
}
