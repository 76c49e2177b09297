/** The processes of this machine: who there is, what environment each was started with, and signals to exactly one of them. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { hasEnded, isAlive, type ProcessIdentity, parseProcessStat } from "./process-identity.ts";

export interface ListedProcess {
  readonly identity: ProcessIdentity;
  readonly parent: number;
  readonly processGroup: number;
  /** The session's id; equal to the process group where there is no /proc. */
  readonly session: number;
}

/** Every process that has not ended, as far as this user may see them. */
export function listProcesses(): readonly ListedProcess[] {
  const bootId = readOrNull("/proc/sys/kernel/random/boot_id")?.trim();
  return bootId === undefined ? listedByPs() : listedByProc(bootId);
}

/** Whether the process was started with exactly `NAME=value` in its environment; false where that cannot be seen. */
export function startedWith(pid: number, entry: string): boolean {
  const environment = readOrNull(`/proc/${pid}/environ`);
  return environment?.split("\0").includes(entry) ?? false;
}

/** Sends the signal when exactly that process still runs; false when it has ended or is not ours to signal. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

function listedByProc(bootId: string): ListedProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^[1-9][0-9]*$/.test(name))
    .flatMap((name) => {
      const stat = parseProcessStat(readOrNull(`/proc/${name}/stat`) ?? "");
      if (stat === null || hasEnded(stat.state)) return [];
      const { parent, processGroup, session, startedTicks } = stat;
      return [{ identity: { pid: Number(name), startedTicks, bootId }, parent, processGroup, session }];
    });
}

function listedByPs(): ListedProcess[] {
  const output = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat=,lstart="], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
    maxBuffer: 1 << 26,
  });
  return output.split("\n").flatMap((line) => {
    const [pid, parent, group, state = "Z", ...started] = line.trim().split(/\s+/);
    const startedMs = Date.parse(started.join(" "));
    if (hasEnded(state) || Number.isNaN(startedMs)) return [];
    const identity = { pid: Number(pid), startedTicks: startedMs / 1000, bootId: "none" };
    return [{ identity, parent: Number(parent), processGroup: Number(group), session: Number(group) }];
  });
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}
