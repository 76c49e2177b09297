/** One launch of the suite's engine, from its start to the certainty that nothing of it is left. */
import type { Engine, EngineSession } from "../engines/engine.ts";
import { assertGpusReady } from "../environment/before-launch.ts";
import { fingerprint } from "../environment/fingerprint.ts";
import { gpuDriver } from "../environment/gpu-driver.ts";
import { offlineEnvironment, withModelFiles } from "../hub/model-files.ts";
import { withTokenizerFiles } from "../hub/tokenizer-files.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { RunningEngine } from "../model/launch-plan.ts";
import { GateError } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import type { Workbench } from "./workbench.ts";

export interface LiveEngine {
  /** As declared: where its files are on this machine is not part of a contract. */
  readonly suite: Suite;
  readonly running: RunningEngine;
  readonly session: EngineSession;
  readonly fingerprint: Fingerprint;
}

/**
 * Starts the engine with the model's files from this machine and without a word to the network, measures the environment, hands both to `work` and stops the engine in every path.
 * Throws GateError when the engine cannot be started, opened or measured, and whatever `work` throws.
 */
export async function withEngine<T>(
  declared: Suite,
  launch: { readonly number: number; readonly of: number },
  bench: Workbench,
  work: (live: LiveEngine) => Promise<T>,
): Promise<T> {
  const suite = await withTokenizerFiles(await withModelFiles(declared, bench.hubCache), bench.hubCache);
  const engine = bench.engines[suite.engine.name];
  const runtime = bench.runtimes[suite.runtime];
  const planned = engine.plan(suite);
  const plan = { ...planned, env: { ...offlineEnvironment, ...planned.env } };
  const availability = await runtime.available();
  if (!availability.available) throw new GateError([availability.problem]);
  for (const what of await runtime.sweep())
    bench.onProgress({ kind: "note", text: `Stopped a leftover of an earlier run: ${what}` });
  await assertGpusReady(suite, bench.host);
  bench.onProgress({ kind: "launching", engine: engine.name, launch: launch.number, launches: launch.of });
  const startedAt = bench.clock.now();
  const start = runtime.start(plan, {
    signal: bench.signal,
    onLogLine: (line) => bench.onProgress({ kind: "engine-log", line }),
    ...(suite.container === null
      ? {}
      : {
          container: {
            spec: suite.container,
            onProgress: bench.onProgress,
            gpuDriver: () => gpuDriver(bench.host),
          },
        }),
  });
  const running = await start.catch((error: unknown) => {
    throw inEngineWords(engine, error);
  });
  try {
    bench.onProgress({ kind: "ready", launch: launch.number, afterMs: bench.clock.now() - startedAt });
    const session = await engine.open(running, suite);
    try {
      const engineFacts = await session.describe();
      const measured = await fingerprint({ suite, running, engineFacts, host: bench.host });
      return await work({ suite: declared, running, session, fingerprint: measured });
    } finally {
      await session.close();
    }
  } finally {
    await running.stop();
  }
}

/** A failed start as the engine's own driver gave it; the runtime knows only how the process ended. */
function inEngineWords(engine: Engine, error: unknown): unknown {
  if (!(error instanceof GateError)) return error;
  const said = error.problems.flatMap(({ evidence }) => engine.whyNotStarted?.(evidence) ?? []);
  return said.length === 0 ? error : new GateError(said, { cause: error });
}
