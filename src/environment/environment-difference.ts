/** What differs between the environment in the lock and the one measured now, most telling first. */
import { digestPattern } from "../model/digest.ts";
import type { EnvironmentChange, FactValue, Fingerprint } from "../model/fingerprint.ts";
import { factWeight } from "./fact-weights.ts";

export interface DifferencePolicy {
  /** Weight of a changed GPU driver: `strict` is breaking. */
  readonly driver: "strict" | "noted";
}

/** Changes sorted by rank, then by key; a fact that is null and one that is absent are the same. */
export function environmentDifference(
  locked: Readonly<Record<string, FactValue>>,
  now: Fingerprint,
  policy: DifferencePolicy,
): EnvironmentChange[] {
  const before = new Map(Object.entries(locked));
  const after = new Map(now.facts.map((fact) => [fact.key, fact.value]));
  const onCpu = now.hardwareClass.startsWith("cpu-");
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((key) => ({ key, before: before.get(key) ?? null, after: after.get(key) ?? null }))
    .filter((change) => change.before !== change.after)
    .map((change) => {
      const { group, label, weight, rank } = factWeight(change.key);
      const breaks = { breaking: true, noted: false, driver: policy.driver === "strict", "cpu-class": onCpu }[weight];
      return { ...change, group, label, weight: breaks ? ("breaking" as const) : ("noted" as const), rank };
    })
    .sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1));
}

/** One sentence part, such as `model file a.gguf sha256:1a2b3c4d5e6f… → sha256:9c8d7e6f5a4b…`; never longer than a few lines. */
export function describeChange(change: EnvironmentChange): string {
  return `${shown(change.label)} ${shownValue(change.before)} → ${shownValue(change.after)}`;
}

function shownValue(value: FactValue): string {
  if (value === null) return "absent";
  if (typeof value !== "string") return String(value);
  return digestPattern.test(value) ? `${value.slice(0, "sha256:".length + 12)}…` : shown(value);
}

// Names and values come from engines and files: on one line, cut, and quoted where they are more than plain words.
function shown(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  if (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?…?$/.test(cut)) return cut;
  return JSON.stringify(cut).replace(unprintable, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// What JSON leaves as it is: DEL, C1 controls, line separators, and marks that reorder or hide text.
const unprintable = /[\x7f-\x9f\u2028\u2029]|\p{Cf}/gu;
