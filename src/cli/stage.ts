/** Where a verb is performed: its streams, its progress, its signals, and the exit code in every path. */
import { constants } from "node:os";
import { nodeWorkbench } from "../commands/node-workbench.ts";
import { asProblems } from "../commands/reporting.ts";
import type { Workbench } from "../commands/workbench.ts";
import { GateError, type Problem } from "../model/problem.ts";
import { exitCodes } from "../model/verdict.ts";
import { Shutdown, type ShutdownSignal, withShutdown } from "../platform/shutdown.ts";
import { createProgress, everyUnreferenced, type Progress } from "../progress/progress.ts";
import { type TerminalLook, terminalLook } from "../progress/terminal-look.ts";
import { renderProblems } from "../report/render/terminal.ts";
import type { GlobalOptions } from "./program.ts";

/** Cases and problems listed before the rest is counted. */
const listLimit = 20;

export interface StageStreams {
  readonly out: NodeJS.WriteStream;
  readonly error: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

export interface Scene {
  readonly bench: Workbench;
  readonly progress: Progress;
  /** How standard output is to look. */
  readonly look: RenderLook;
  readonly env: NodeJS.ProcessEnv;
}

export type RenderLook = Pick<TerminalLook, "color" | "width"> & { readonly limit: number };

/** Runs a verb under signal handling; problems it throws are printed. Resolves to the exit code, 128 + number after a signal. */
export async function onStage(
  { out, error, env }: StageStreams,
  global: GlobalOptions,
  verb: (scene: Scene) => Promise<number>,
): Promise<number> {
  const look = { ...terminalLook(out, env, global.color), limit: listLimit };
  const progress = createProgress({
    write: (text) => error.write(text),
    look: terminalLook(error, env, global.color),
    now: () => performance.now(),
    every: everyUnreferenced,
    defects: env.INFERENCE_GATE_DEBUG === "1" ? "shown" : "hidden",
  });
  let endedBy: ShutdownSignal | null = null;
  try {
    const code = await withShutdown(
      (signal) => verb({ bench: nodeWorkbench({ onProgress: progress.report, signal, env }), progress, look, env }),
      {
        onSignal: (name) => {
          endedBy = name;
          progress.report({ kind: "note", text: `${name}: stopping the engine; once more to stop at once` });
        },
      },
    );
    return endedBy === null ? code : signalExitCode(endedBy);
  } catch (thrown) {
    if (thrown instanceof Shutdown) {
      progress.finish();
      process.exit(signalExitCode(thrown.signalName));
    }
    const problems: readonly Problem[] = asProblems(thrown, progress.report);
    progress.finish();
    error.write(
      renderProblems(problems.map(asReported), { ...look, color: terminalLook(error, env, global.color).color }),
    );
    return exitCodes[new GateError(problems).verdict];
  } finally {
    progress.finish();
  }
}

const signalExitCode = (name: ShutdownSignal) => 128 + constants.signals[name];

function asReported(problem: Problem): Parameters<typeof renderProblems>[0][number] {
  return { ...problem, help: [...problem.help], evidence: [...problem.evidence] };
}
