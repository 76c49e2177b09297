/** A check and the bare script as whole processes, and what the gate adds to the start, told apart. */
import { z } from "zod";
import { type Measurement, median } from "./bench.ts";
import { inRatio, pairedRatio } from "./paired.ts";
import { type Run, type Took, took } from "./vllm-suite.ts";

const goalMs = 2000;

/** What `bare_vllm.py` prints. */
export const bareOutput = z.object({
  steps: z.object({ torch: took, import: took, llm: took, "warm-up": took, whole: took }),
  cases: z.array(z.object({ ...took.shape, ids: z.array(z.number()) })),
});

export interface WholePair {
  readonly gate: Run;
  readonly bare: z.output<typeof bareOutput>;
  /** Milliseconds of the script's process, seen from outside. */
  readonly bareMs: number;
}

export function wholeMeasurements(pairs: readonly WholePair[]): readonly Measurement[] {
  const whole = pairedRatio(
    pairs.map(({ gate }) => gate.report.durationMs),
    pairs.map(({ bareMs }) => bareMs),
  );
  const beyond = pairs.map(({ gate, bare: { steps } }) => ({
    gate: beyondStart(lived(gate), step(gate, "prelude"), step(gate, "import"), step(gate, "llm")),
    bare: beyondStart(steps.whole, steps.torch, steps.import, steps.llm),
  }));
  const cpu = pairedRatio(
    beyond.map(({ gate }) => gate),
    beyond.map(({ bare }) => bare),
  );
  const answers = pairs.flatMap(({ gate, bare }) => casesOf(gate, bare));
  const middle = (value: (pair: WholePair) => number) => median(pairs.map(value));
  const part = (name: string) => middle(({ gate }) => step(gate, name).ms);
  const attested = part("attestation") + part("read-back");
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const inMs = (ms: number) => `${ms.toFixed(0)} ms`;
  return [
    {
      name: "whole processes, wall time",
      measured: seconds(middle(({ gate }) => gate.report.durationMs)),
      ratio: `${whole.median.toFixed(3)}× a bare script (${seconds(middle(({ bareMs }) => bareMs))}), ${pairs.length} pairs`,
      goal: "told, not judged: both start vLLM",
      isMet: true,
    },
    {
      name: "a token in a check beside one in the script's process, processor time",
      measured: inRatio(
        pairedRatio(
          answers.map(({ gate }) => gate.cpuMs),
          answers.map(({ bare }) => bare.cpuMs),
        ),
      ),
      ratio: `wall time ${inRatio(
        pairedRatio(
          answers.map(({ gate }) => gate.ms),
          answers.map(({ bare }) => bare.ms),
        ),
      )}`,
      goal: "told, not judged: no two processes are alike",
      isMet: true,
    },
    {
      name: "beyond the engine's start, processor time of its process",
      measured: seconds(median(beyond.map(({ gate }) => gate))),
      ratio: `${cpu.median.toFixed(3)}× a bare script (${seconds(median(beyond.map(({ bare }) => bare)))}), attestation included`,
      goal: "told, not judged: too few pairs",
      isMet: true,
    },
    {
      name: "added to the start inside of the process",
      measured: inMs(attested),
      ratio: `attestation ${inMs(part("attestation"))}, settings read back ${inMs(part("read-back"))}`,
      goal: `under ${goalMs / 1000} s`,
      isMet: attested < goalMs,
    },
    {
      name: "and around it",
      measured: inMs(middle(({ gate }) => aroundMs(gate) + betweenMs(gate))),
      ratio: `before and after the process ${inMs(middle(({ gate }) => aroundMs(gate)))}, while it waits for the gate ${inMs(middle(({ gate }) => betweenMs(gate)))}; warm-up ${inMs(middle(({ gate }) => warmUpMs(gate)))}, the script's own ${inMs(middle(({ bare }) => bare.steps["warm-up"].ms))}`,
      goal: `under ${goalMs / 1000} s without the warm-up`,
      isMet: middle(({ gate }) => aroundMs(gate) + betweenMs(gate)) < goalMs,
    },
  ];
}

/** The same case in both; the first answer of a driver is its warm-up. */
function casesOf(
  { stamps }: Run,
  { cases }: WholePair["bare"],
): readonly { readonly gate: Took; readonly bare: Took }[] {
  const answered = stamps.flatMap((stamp) => ("request" in stamp ? [stamp.gate] : [])).slice(1);
  if (answered.length !== cases.length) throw new Error(`${answered.length} answers of ${cases.length}`);
  return answered.flatMap((gate, at) => {
    const bare = cases[at];
    return bare === undefined ? [] : [{ gate, bare }];
  });
}

/** The driver's own prelude imports torch, as the script does first. */
const beyondStart = (whole: Took, ...start: readonly Took[]) =>
  start.reduce((left, { cpuMs }) => left - cpuMs, whole.cpuMs);

function step({ stamps }: Run, name: string): Took {
  const found = stamps.find((stamp) => "step" in stamp && stamp.step === name);
  if (found === undefined || !("step" in found)) throw new Error(`the driver told no ${name}`);
  return found;
}

/** Up to the end of the last answer. */
function lived({ stamps }: Run): Took {
  const last = stamps.at(-1);
  if (last === undefined || !("lived" in last)) throw new Error("the driver told no answer");
  return last.lived;
}

/** From the command's start to the driver's first instruction, and from its last answer to the report. */
const aroundMs = (gate: Run) => gate.report.durationMs - lived(gate).ms;

/** The driver is ready and has nothing to do: the gate reads, compares, writes. */
function betweenMs(gate: Run): number {
  const busy = gate.stamps.map((stamp) => ("step" in stamp ? stamp.ms : stamp.gate.ms));
  return busy.reduce((left, ms) => left - ms, lived(gate).ms);
}

function warmUpMs({ stamps }: Run): number {
  const first = stamps.find((stamp) => "request" in stamp);
  return first !== undefined && "request" in first ? first.gate.ms : Number.NaN;
}
