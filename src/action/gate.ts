/** The gate step of the action: inputs → one run → log, annotations, summary, files, outputs and the exit code, in every path. */
import { nodeWorkbench } from "../commands/node-workbench.ts";
import { asProblems } from "../commands/reporting.ts";
import { endedInHaste } from "../messages/action.ts";
import type { Problem } from "../model/problem.ts";
import { tool } from "../model/tool.ts";
import { systemClock } from "../platform/clock.ts";
import { Shutdown, withShutdown } from "../platform/shutdown.ts";
import { problemsReport } from "../report/build-report.ts";
import type { Report } from "../report/report.ts";
import { run } from "./run.ts";
import type { Core } from "./runner.ts";
import { openScene } from "./scene.ts";
import { show } from "./show.ts";

/** The runner kills 10 s after its first signal; what is left of that is for telling what happened. */
const deadlineMs = 5000;

/** Resolves when everything is shown; `process.exitCode` says whether the job fails. */
export async function gate(core: Core): Promise<void> {
  const startedAt = systemClock.now();
  const scene = await openScene(core, process.env);
  const { env, inputs, onProgress } = scene;
  const stopped = (problems: readonly Problem[]) =>
    problemsReport(
      {
        command: inputs.mode,
        tool,
        startedAt: new Date(startedAt).toISOString(),
        durationMs: systemClock.now() - startedAt,
      },
      problems,
    );
  let shown: Promise<number> | null = null;
  const showOnce = (report: Report, signal: AbortSignal) => {
    shown ??= show(report, scene, signal);
    return shown;
  };
  const work = async (signal: AbortSignal) => {
    const bench = nodeWorkbench({ onProgress, signal, env });
    const report = scene.problems.length > 0 ? stopped(scene.problems) : await run(inputs, scene.root, env, bench);
    return showOnce(report, signal);
  };
  try {
    process.exitCode = await withShutdown(work, {
      deadlineMs,
      onSignal: (name) => onProgress({ kind: "note", text: `${name}: stopping the engine` }),
    });
  } catch (thrown) {
    const problems =
      thrown instanceof Shutdown ? [endedInHaste({ signal: thrown.signalName })] : asProblems(thrown, onProgress);
    // Whatever did not end in time may keep this process from ending by itself.
    process.exit(await showOnce(stopped(problems), AbortSignal.abort(thrown)));
  }
}
