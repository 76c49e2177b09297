/** The gate's driver and the bare loop in turns on one `LLM` in one process: what a token costs more with a gate. */
import { type Bench, type Measurement, median } from "./bench.ts";
import { inRatio, judged, overPairs, type PairedRatio, pairedRatio } from "./paired.ts";
import type { Run, Stamp } from "./vllm-suite.ts";

const goal = 1.01;

type Answered = Extract<Stamp, { readonly request: number }>;
type Pair = Answered & { readonly bare: NonNullable<Answered["bare"]> };

/** Whole answers only; a warm-up is cut short. Throws when the bare loop got other tokens than the goldens have. */
export function pairsOf({ stamps }: Run, tokens: number, goldens: readonly (readonly number[])[]): readonly Pair[] {
  const pairs = stamps.flatMap((stamp) =>
    "request" in stamp && stamp.bare !== null && stamp.tokens === tokens ? [{ ...stamp, bare: stamp.bare }] : [],
  );
  const known = new Set(goldens.map((ids) => ids.join()));
  if (pairs.length === 0 || !pairs.every(({ bare }) => known.has(bare.ids.join())))
    throw new Error("the bare loop got other tokens than the gate");
  return pairs;
}

/**
 * Judged by the processor time outside of vLLM's core, which hardly depends on the machine's load: the core computes the same tokens with a gate
 * and without one. Whole processor time and wall time can only disprove that, and say when they cannot tell.
 */
export function perToken(
  { own }: Run,
  pairs: readonly Pair[],
  tokens: number,
  say: Parameters<Bench>[0],
): readonly Measurement[] {
  const outside = ({ cpuMs, coreCpuMs }: Pair["gate"]) => cpuMs - coreCpuMs;
  const added = overPairs(pairs.map(({ gate, bare }) => ((outside(gate) - outside(bare)) / tokens) * 1000));
  const share = overPairs(pairs.map(({ gate, bare }) => 1 + (outside(gate) - outside(bare)) / bare.cpuMs));
  const cpu = pairedRatio(
    pairs.map(({ gate }) => gate.cpuMs),
    pairs.map(({ bare }) => bare.cpuMs),
  );
  const wall = pairedRatio(
    pairs.map(({ gate }) => gate.ms),
    pairs.map(({ bare }) => bare.ms),
  );
  const ownCost = overPairs(own.map(({ cpuMs }) => (cpuMs / tokens) * 1000));
  const bareMs = (value: (pair: Pair) => number) => (median(pairs.map(value)) / tokens).toFixed(2);
  say(`the gate's own process: ${inMicroseconds(ownCost)} of processor time a token`);
  return [
    {
      name: "vLLM offline, the driver's work for a token",
      measured: `${inMicroseconds(added)} of processor time more than the bare loop`,
      ratio: `${inRatio(share)} a bare script (${bareMs(({ bare }) => bare.cpuMs)} ms)`,
      goal: `at most ${goal}×`,
      isMet: judged(share, goal) === "met",
    },
    ...(
      [
        ["all processor time for a token", cpu, bareMs(({ bare }) => bare.cpuMs)],
        ["wall time for a token", wall, bareMs(({ bare }) => bare.ms)],
      ] as const
    ).map(([name, ratio, bare]) => ({
      name: `the same, ${name}`,
      measured: `${judged(ratio, goal)}`,
      ratio: `${inRatio(ratio)} a bare script (${bare} ms)`,
      goal: `not shown to be above ${goal}×`,
      isMet: judged(ratio, goal) !== "missed",
    })),
  ];
}

const inMicroseconds = ({ median: middle, interval }: PairedRatio) =>
  `${middle.toFixed(0)} µs${interval === null ? "" : ` (${interval.map((bound) => bound.toFixed(0)).join(" to ")})`}`;
