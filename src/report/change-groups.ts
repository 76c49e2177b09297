/** The changes of a run's environment by what they are about, most telling first, each group cut with a count. */
import type { FactGroup } from "../model/fingerprint.ts";
import type { Report } from "./report.ts";

type Change = Report["environment"]["changes"][number];

export interface ChangeGroup {
  readonly group: FactGroup;
  /** Such as `packages`. */
  readonly title: string;
  readonly breaking: number;
  readonly noted: number;
  /** Breaking ones first, then by rank. */
  readonly shown: readonly Change[];
  readonly more: number;
}

export interface ChangeLimits {
  readonly breaking: number;
  readonly noted: number;
}

/** What each group is called, in reports and on the command line. */
export const groupTitles = {
  model: "model",
  image: "image",
  engine: "engine",
  packages: "packages",
  settings: "engine settings",
  variables: "environment variables",
  hardware: "hardware and driver",
  machine: "machine",
} as const satisfies Record<FactGroup, string>;

/** Groups with a breaking change first, then by their most telling change; none is empty. Limits hold for each group. */
export function changeGroups(changes: readonly Change[], limits: ChangeLimits): readonly ChangeGroup[] {
  const sorted = [...changes].sort(byWeight);
  return [...new Set(sorted.map(({ group }) => group))].map((group) => {
    const members = sorted.filter((change) => change.group === group);
    const breaking = members.filter(({ weight }) => weight === "breaking");
    const noted = members.filter(({ weight }) => weight === "noted");
    const shown = [...breaking.slice(0, limits.breaking), ...noted.slice(0, limits.noted)];
    return {
      group,
      title: groupTitles[group],
      breaking: breaking.length,
      noted: noted.length,
      shown,
      more: members.length - shown.length,
    };
  });
}

function byWeight(a: Change, b: Change): number {
  if (a.weight !== b.weight) return a.weight === "breaking" ? -1 : 1;
  return a.rank - b.rank || (a.key < b.key ? -1 : 1);
}
