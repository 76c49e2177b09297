/** What a benchmark is, and what it measured. */

export interface Measurement {
  /** What was measured, such as `compare 1,000 cases × 4,096 tokens`. */
  readonly name: string;
  /** The median with its unit, such as `640 ms`. */
  readonly measured: string;
  /** Against the alternative in the same run, such as `31.2× faster than jest`; null without one. */
  readonly ratio: string | null;
  /** Such as `under 1 s`. */
  readonly goal: string;
  readonly isMet: boolean;
}

/**
 * Writes only below a temporary folder of its own; `say` tells what is going on; `size` is what stood behind the name on the
 * command line, null for the usual one. Throws when what it ran did not do its work.
 */
export type Bench = (say: (line: string) => void, size: string | null) => Promise<readonly Measurement[]>;

/** Milliseconds of each of two ways to do one thing, run in turns so that a busy machine slows both: A B A B … */
export async function inTurns(
  rounds: number,
  first: () => Promise<number>,
  second: () => Promise<number>,
): Promise<{ readonly first: readonly number[]; readonly second: readonly number[] }> {
  const times = { first: [] as number[], second: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    times.first.push(await first());
    times.second.push(await second());
  }
  return times;
}

/** The middle value; the upper of the two middle ones for an even number. Throws RangeError for none. */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[values.length >> 1];
  if (middle === undefined) throw new RangeError("no values");
  return middle;
}
