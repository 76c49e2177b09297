/** What a change re-records itself, in words that every surface shares. */
import type { Report } from "../report.ts";
import { counted, plural } from "./rows.ts";

export type GoldenChange = NonNullable<Report["goldenChanges"]>["cases"][number];

/** Such as `This change re-records 3 cases and adds 1`; null when it brings no golden of its own and leaves the lock as it is. */
export function goldenChangesInWords({ goldenChanges }: Report): string | null {
  const cases = goldenChanges?.cases ?? [];
  const number = (kind: GoldenChange["kind"]) => cases.filter((one) => one.kind === kind).length;
  const [changed, added, removed] = [number("changed"), number("added"), number("removed")];
  const parts = [
    ...(goldenChanges?.movedFrom == null ? [] : ["moves the suite"]),
    ...(changed > 0 ? [`re-records ${plural(changed, "case")}`] : []),
    ...(added > 0 ? [`adds ${changed > 0 ? counted(added) : plural(added, "golden")}`] : []),
    ...(removed > 0 ? [`removes ${changed + added > 0 ? counted(removed) : plural(removed, "golden")}`] : []),
  ];
  if ((goldenChanges?.lock ?? []).length > 0) parts.push("edits the lock");
  if (parts.length === 0) return null;
  return `This change ${parts.slice(0, -1).join(", ")}${parts.length > 1 ? " and " : ""}${parts.at(-1)}`;
}

/** Where the suite was before, such as `, moved from old/suite.lock.yml`; nothing when it was not moved. Hostile text is in it. */
export const movedInWords = ({ movedFrom }: NonNullable<Report["goldenChanges"]>) =>
  movedFrom === null ? "" : `, moved from ${movedFrom}`;

export type LockChange = NonNullable<Report["goldenChanges"]>["lock"][number];

/** Each thing that the lock says otherwise, and how many are left out. Hostile text is in it. */
export const lockLines = ({ changes, more }: LockChange): readonly string[] => [
  ...changes,
  ...(more > 0 ? [`… ${counted(more)} more`] : []),
];

/** What was given as the reason, or that nothing was. */
export const reasonInWords = ({ reason }: Pick<GoldenChange, "reason">) => reason ?? "no reason given";
