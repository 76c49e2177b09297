/** Runtime `process`: the engine is a program of this machine, started and ended by us. */
import { randomUUID } from "node:crypto";
import { exitedEarly, notReadyInTime, portTaken, spawnFailed, unexpectedFirstLine } from "../messages/runtimes.ts";
import type { Fact } from "../model/fingerprint.ts";
import type { EngineEndpoint, LaunchPlan, RunningEngine } from "../model/launch-plan.ts";
import { GateError, type Problem } from "../model/problem.ts";
import { listensOn } from "../platform/port-owner.ts";
import { isPortTaken } from "../platform/ports.ts";
import { type EngineProcess, spawnEngine } from "./engine-process.ts";
import { endAndThrow } from "./failed-start.ts";
import { launchRecords } from "./launch-records.ts";
import { waitsFor } from "./readiness/await-ready.ts";
import { logProbesOf, probesOf } from "./readiness/plan-probes.ts";
import type { Probe } from "./readiness/probe.ts";
import { readyOrExited } from "./readiness/ready-or-exited.ts";
import { type ResolvedLaunch, resolvePlan } from "./resolve-plan.ts";
import type { Runtime, StartOptions } from "./runtime.ts";
import { stateFolder } from "./state-folder.ts";
import { stdioEndpoint } from "./stdio-endpoint.ts";
import { type StdioLines, stdioLines } from "./stdio-lines.ts";
import { sweepLaunches } from "./sweep.ts";

/** `folder` gives the state folder at each use; by default that of the environment. */
export function createProcessRuntime(folder: () => string = () => stateFolder(process.env)): Runtime {
  return {
    name: "process",
    available: async () => ({ available: true }),
    start: (plan, options) => start(plan, options, folder()),
    sweep: () => sweepLaunches(launchRecords(folder())),
  };
}

export const processRuntime = createProcessRuntime();

/** An aborted start rejects with the signal's reason. */
async function start(plan: LaunchPlan, { signal, onLogLine }: StartOptions, folder: string): Promise<RunningEngine> {
  signal.throwIfAborted();
  const resolved = await resolvePlan(plan, process.env.PATH ?? "");
  signal.throwIfAborted();
  const logProbes = logProbesOf(plan);
  const spawned = await spawnEngine(
    { ...plan, ...resolved, launchId: randomUUID(), folder: plan.workingDirectory },
    launchRecords(folder),
    (line) => {
      for (const probe of logProbes) probe.onLine(line);
      onLogLine(line);
    },
  );
  const { command } = resolved;
  if (spawned.kind === "refused")
    throw new GateError([
      spawnFailed({ command, hints: plan.hints, reason: spawned.reason, logTail: [], logFile: null }),
    ]);
  const { engine } = spawned;
  try {
    const lines = plan.transport === "stdio" && engine.child.stdout !== null ? stdioLines(engine.child.stdout) : null;
    const { log } = engine;
    const unexpected = (line: string, type: string) =>
      unexpectedFirstLine({ command, hints: plan.hints, line, type, logTail: log.tail(), logFile: log.file() });
    const probes = [...logProbes, ...probesOf(plan, resolved.baseUrl, lines, unexpected)];
    const failure = await whyNotReady(plan, resolved, engine, probes, signal);
    if (failure !== null) {
      // Only when nothing writes to it any more is the log complete, and a port that is still taken is not ours.
      await engine.stop().catch(() => {});
      throw new GateError([await failure({ command, hints: plan.hints, logTail: log.tail(), logFile: log.file() })]);
    }
    return {
      endpoint: endpointOf(resolved, engine, lines),
      facts: factsOf(resolved, engine),
      logTail: engine.log.tail,
      logFile: engine.log.file,
      exited: engine.exited,
      stop: engine.stop,
    };
  } catch (error) {
    return endAndThrow(error, engine.stop);
  }
}

type WhatFailed = (about: {
  command: string;
  hints: readonly string[];
  logTail: readonly string[];
  logFile: string | null;
}) => Problem | Promise<Problem>;

async function whyNotReady(
  plan: LaunchPlan,
  resolved: ResolvedLaunch,
  engine: EngineProcess,
  probes: readonly Probe[],
  signal: AbortSignal,
): Promise<WhatFailed | null> {
  const readied = await readyOrExited(probes, engine.exited, plan.startupTimeoutMs, signal);
  const { port } = resolved;
  if (readied.kind === "ready") {
    const isStrange = plan.transport === "http" && listensOn(port, engine.memberPids()) === false;
    return isStrange ? (about) => portTaken({ ...about, port, exit: null }) : null;
  }
  if (readied.kind === "hopeless") return (about) => ({ ...readied.problem, evidence: about.logTail });
  if (readied.kind === "late")
    return (about) => notReadyInTime({ ...about, ...readied, limitMs: plan.startupTimeoutMs });
  const { exit } = readied;
  return async (about) =>
    plan.transport === "http" && (about.logTail.some(saysPortTaken) || (await isPortTaken(port)))
      ? portTaken({ ...about, port, exit })
      : exitedEarly({ ...about, exit, waitedFor: waitsFor(probes) });
}

const saysPortTaken = (line: string) => /EADDRINUSE|address (?:is )?already in use/i.test(line);

function endpointOf(
  { baseUrl }: ResolvedLaunch,
  { child, log }: EngineProcess,
  lines: StdioLines | null,
): EngineEndpoint {
  if (lines === null || child.stdin === null) return { kind: "http", baseUrl };
  return stdioEndpoint(child.stdin, lines, log.tail);
}

/** Keys under `launch.` differ with every launch; keys under `runtime.` do not. */
function factsOf({ program, command }: ResolvedLaunch, { child, launchId, log }: EngineProcess): readonly Fact[] {
  const source = "runtime process";
  return [
    { key: "launch.id", value: launchId, source },
    { key: "launch.log", value: log.file(), source },
    { key: "launch.pid", value: child.pid ?? null, source },
    { key: "runtime.command", value: command, source },
    { key: "runtime.name", value: "process", source },
    { key: "runtime.program", value: program, source },
  ];
}
