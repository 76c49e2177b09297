/** One engine as a process group of its own: written down before it is started, followed while it runs, ended as a whole. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { willNotEnd } from "../messages/runtimes.ts";
import type { EngineExit } from "../model/launch-plan.ts";
import { GateError } from "../model/problem.ts";
import { systemClock } from "../platform/clock.ts";
import { ownIdentity, processIdentity } from "../platform/process-identity.ts";
import { lastResort } from "../platform/shutdown.ts";
import { reasonOf } from "../platform/thrown.ts";
import { type EngineLog, openEngineLog } from "./engine-log.ts";
import { launchEnvironment } from "./launch-environment.ts";
import { certainEndMs, endLaunch, killLaunchNow, type Launch, launchMembers } from "./launch-members.ts";
import { type LaunchRecord, type LaunchRecords, ownPlace } from "./launch-records.ts";

export interface EngineCommand {
  /** A new one for each launch; every process of it carries the id in its environment. */
  readonly launchId: string;
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly folder: string;
  readonly transport: "http" | "stdio";
  readonly stopTimeoutMs: number;
}

export interface EngineProcess {
  readonly launchId: string;
  readonly child: ChildProcess;
  readonly log: EngineLog;
  /** Ids of all its processes that live now. */
  memberPids(): readonly number[];
  /** Never rejects; resolves once the last log lines are in, too. */
  readonly exited: Promise<EngineExit>;
  /** Idempotent. Throws GateError (`runtimes/will-not-end`) when the kernel does not let a process go. */
  stop(): Promise<void>;
}

export type Spawned =
  | { readonly kind: "spawned"; readonly engine: EngineProcess }
  | { readonly kind: "refused"; readonly reason: string };

/** How long log lines may still come after the exit, when a child of the engine holds its stderr open. */
const lateLogMs = 500;

/** Starts the command with nothing left behind when the operating system refuses. Throws GateError without a usable state folder. */
export async function spawnEngine(
  command: EngineCommand,
  records: LaunchRecords,
  onLogLine: (line: string) => void,
): Promise<Spawned> {
  const id = command.launchId;
  const written: LaunchRecord = {
    version: 1,
    launch: id,
    owner: ownIdentity(),
    place: ownPlace(),
    program: command.program,
    leader: null,
    group: null,
  };
  let launch: Launch = { id, leader: null, group: null };
  await records.write(written);
  const forget = lastResort(() => killLaunchNow(launch));
  const log = openEngineLog(records.logFile(id), onLogLine);
  const giveUp = async (error: unknown): Promise<Spawned> => {
    forget();
    log.close();
    await records.remove(id);
    return { kind: "refused", reason: reasonOf(error) };
  };

  let child: ChildProcess;
  try {
    child = spawn(command.program, command.args, {
      cwd: command.folder,
      env: launchEnvironment(process.env, command.env, id),
      detached: true,
      stdio: [command.transport === "stdio" ? "pipe" : "ignore", "pipe", "pipe"],
    });
  } catch (error) {
    return giveUp(error);
  }
  const followed = Promise.all(
    [child.stderr, command.transport === "http" ? child.stdout : null].map((stream) =>
      stream === null ? Promise.resolve() : log.follow(stream),
    ),
  );
  // Without a listener a closed pipe would end us; whoever sends is told by the callback of its write.
  child.stdin?.on("error", () => {});
  const exited = exitOf(child, followed);
  try {
    await once(child, "spawn");
  } catch (error) {
    return giveUp(error);
  }
  const pid = child.pid ?? null;
  launch = { id, group: pid, leader: pid === null ? null : processIdentity(pid) };

  const memberPids = () => launchMembers(launch).map(({ pid }) => pid);
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= end();
    return stopping;
  };
  const end = async () => {
    const left = await endLaunch(launch, command.stopTimeoutMs);
    if (left.length > 0) throw new GateError([willNotEnd({ pids: left.map(({ pid }) => pid), afterMs: certainEndMs })]);
    await exited;
    await settled(followed);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    log.close();
    forget();
    await records.remove(id);
  };
  try {
    await records.write({ ...written, leader: launch.leader, group: launch.group });
  } catch (error) {
    await stop();
    throw error;
  }
  return { kind: "spawned", engine: { launchId: id, child, log, memberPids, exited, stop } };
}

async function exitOf(child: ChildProcess, logs: Promise<unknown>): Promise<EngineExit> {
  const exit = await new Promise<EngineExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  });
  await settled(logs);
  return exit;
}

/** Waits for the end of the logs, but not for ever: what left the launch may hold them open. */
async function settled(logs: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  await Promise.race([logs, systemClock.sleep(lateLogMs, patience.signal).catch(() => {})]);
  patience.abort();
}
