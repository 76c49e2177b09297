/** How far chosen-token log-probabilities differ: exactly, in float32 bits, and in nats. */
import type { LogprobDrift } from "../model/comparison.ts";
import type { Pair } from "./common-prefix.ts";

/**
 * Statistics in nats over the common tokens and the first differing one. A position where a side has no finite number is
 * unknown and left out. Null when the prompts differ (another context has other probabilities) or a side has no log-probabilities.
 */
export function logprobDrift(pair: Pair, promptEqual: boolean | null): LogprobDrift | null {
  const { logprobs: expected } = pair.expected;
  const { logprobs: actual } = pair.actual;
  if (expected === null || actual === null || pair.commonTokens === null || promptEqual === false) return null;
  const end = Math.min(pair.commonTokens + 1, expected.length, actual.length);
  let [positions, differing, firstIndex, maxAbs, sum] = [0, 0, -1, 0, 0];
  for (let index = 0; index < end; index += 1) {
    const before = expected[index] ?? Number.NaN;
    const delta = Math.abs(before - (actual[index] ?? Number.NaN));
    if (!(delta < Number.POSITIVE_INFINITY)) continue;
    positions += 1;
    if (delta === 0 && (before !== 0 || Object.is(before, actual[index]))) continue;
    differing += 1;
    if (firstIndex === -1) firstIndex = index;
    sum += delta;
    if (delta > maxAbs) maxAbs = delta;
  }
  const first = end === 0 ? Number.NaN : Math.abs((expected[0] ?? Number.NaN) - (actual[0] ?? Number.NaN));
  return {
    positions,
    differing,
    firstIndex: firstIndex === -1 ? null : firstIndex,
    maxAbs,
    meanAbs: positions === 0 ? 0 : sum / positions,
    atFirst: Number.isFinite(first) ? first : null,
  };
}

/**
 * First of the leading `end` positions where log-probability bits differ, or margin bits that both sides know; null when none
 * does. Log-probabilities that a side does not have differ at position 0: equality was asked for and cannot be shown.
 */
export function differentBitsAt(pair: Pair, end: number): number | null {
  const { expected, actual } = pair;
  if (expected.logprobs === null || actual.logprobs === null) return 0;
  const logprobs = firstDifferentBits(expected.logprobs, actual.logprobs, end);
  if (expected.margins === null || actual.margins === null) return logprobs;
  return firstDifferentMargin(expected.margins, actual.margins, logprobs ?? end) ?? logprobs;
}

/** First of the leading `end` positions where the log-probabilities are not shown to be within `maxDelta` nats. */
export function beyondToleranceAt(pair: Pair, end: number, maxDelta: number): number | null {
  const { logprobs: expected } = pair.expected;
  const { logprobs: actual } = pair.actual;
  if (end === 0) return null;
  if (expected === null || actual === null) return 0;
  for (let index = 0; index < end; index += 1) {
    if (!withinTolerance(expected[index], actual[index], maxDelta)) return index;
  }
  return null;
}

/** Equal, or finite and at most `maxDelta` nats apart; unknown on both sides counts as equal, on one side never. */
export function withinTolerance(expected: number | undefined, actual: number | undefined, maxDelta: number): boolean {
  return (
    (expected !== undefined && Object.is(expected, actual)) ||
    Math.abs((expected ?? Number.NaN) - (actual ?? Number.NaN)) <= maxDelta
  );
}

/** First of the leading `end` positions whose float32 bits differ (0 and -0 do, as do NaNs of different payload). */
export function firstDifferentBits(expected: Float32Array, actual: Float32Array, end: number): number | null {
  const before = bitsOf(expected);
  const now = bitsOf(actual);
  const shared = Math.min(end, before.length, now.length);
  for (let index = 0; index < shared; index += 1) {
    if (before[index] !== now[index]) return index;
  }
  return shared < end ? shared : null;
}

function firstDifferentMargin(expected: Float32Array, actual: Float32Array, end: number): number | null {
  const before = bitsOf(expected);
  const now = bitsOf(actual);
  const shared = Math.min(end, before.length, now.length);
  for (let index = 0; index < shared; index += 1) {
    if (before[index] !== now[index] && isKnown(expected[index]) && isKnown(actual[index])) return index;
  }
  return null;
}

const isKnown = (value: number | undefined) => value !== undefined && !Number.isNaN(value);

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);
