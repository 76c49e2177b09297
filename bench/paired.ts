/** Two ways to do one thing, measured in pairs: the median ratio, and between which bounds it lies as far as the pairs can tell. */

/** Of the interval: how often such an interval holds the true median. */
const confidence = 0.95;

export interface PairedRatio {
  readonly pairs: number;
  readonly median: number;
  /** Bounds of the median, from the sign test: nothing is supposed about how the noise is distributed. Null with too few pairs for any. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** First over second, pair by pair. Throws RangeError for no pairs, or lists of different lengths. */
export function pairedRatio(first: readonly number[], second: readonly number[]): PairedRatio {
  if (first.length === 0 || first.length !== second.length) throw new RangeError("no pairs");
  return overPairs(first.map((value, at) => value / (second[at] ?? Number.NaN)));
}

/** The median of what each pair gave, such as a difference. Throws RangeError for none. */
export function overPairs(values: readonly number[]): PairedRatio {
  const sorted = [...values].sort((a, b) => a - b);
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (lower === undefined || upper === undefined) throw new RangeError("no pairs");
  return { pairs: sorted.length, median: (lower + upper) / 2, interval: signInterval(sorted) };
}

/** `met`: the whole interval is within the goal; `missed`: none of it is; `too wide to tell`: the goal lies inside. */
export function judged(ratio: PairedRatio, goal: number): "met" | "missed" | "too wide to tell" {
  if (ratio.interval === null) return "too wide to tell";
  const [low, high] = ratio.interval;
  return high <= goal ? "met" : low > goal ? "missed" : "too wide to tell";
}

/** For people: the median, the interval, and of how many pairs. */
export const inRatio = ({ median: middle, interval, pairs }: PairedRatio) =>
  `${middle.toFixed(4)}× (${interval === null ? "no interval" : interval.map((bound) => bound.toFixed(4)).join(" to ")}, ${pairs} pairs)`;

/** As many of the outermost values are left out on each side as chance alone leaves there: of n signs, k are all on one side with a probability that binomial numbers give. */
function signInterval(sorted: readonly number[]): PairedRatio["interval"] {
  const n = sorted.length;
  let [outside, chance, probability] = [0, 2 ** -n, 0];
  for (; outside < n / 2; outside += 1) {
    probability += chance;
    if (2 * probability > 1 - confidence) break;
    chance = (chance * (n - outside)) / (outside + 1);
  }
  const [low, high] = [sorted[outside - 1], sorted[n - outside]];
  return low === undefined || high === undefined ? null : [low, high];
}
