/** How numbers and counts are written in evidence. */
import type { Comparison } from "../model/comparison.ts";
import { parseDigest, shortDigest } from "../model/digest.ts";
import type { EnvironmentChange, FactValue } from "../model/fingerprint.ts";

/** `0.0312 nats`; three significant digits. */
export function nats(value: number): string {
  return `${Number(value.toPrecision(3))} nats`;
}

/** `1 case`, `3 cases`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** `engine flag threads: 2 → 4`. */
export function changeInWords({ label, before, after }: EnvironmentChange): string {
  return `${label}: ${valueInWords(before)} → ${valueInWords(after)}`;
}

function valueInWords(value: FactValue): string {
  if (value === null) return "absent";
  const digest = typeof value === "string" ? parseDigest(value) : null;
  return digest === null ? String(value) : `sha256:${shortDigest(digest)}…`;
}

/** At most `most` lines, with the number of those left out as the last. */
export function atMost(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];
}

/** Evidence of single cases: one line each, five at most. */
export function perCase(cases: readonly Comparison[], line: (one: Comparison) => string): readonly string[] {
  return atMost(
    cases.map((one) => `${one.caseId}: ${line(one)}`),
    5,
  );
}

export const idsOf = (cases: readonly Comparison[]): readonly string[] => cases.map((one) => one.caseId);

/** The middle value, the mean of the two middle ones for an even number; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
