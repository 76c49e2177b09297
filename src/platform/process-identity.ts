/** Which process a process id means: the id, when it started, and in which boot of the machine, since ids are used again. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot; in seconds since the epoch where there is no /proc. */
  readonly startedTicks: number;
  /** `/proc/sys/kernel/random/boot_id`; `none` where there is no /proc. */
  readonly bootId: string;
}

/** What `/proc/<pid>/stat` says of a process; see proc_pid_stat(5). */
export interface ProcessStat {
  /** One letter; `Z` and `X` have ended. */
  readonly state: string;
  readonly parent: number;
  readonly processGroup: number;
  readonly session: number;
  readonly startedTicks: number;
}

/** Fields of a stat line; the command name in brackets may itself hold brackets and spaces. Null when it is no stat line. */
export function parseProcessStat(line: string): ProcessStat | null {
  const fields = line
    .slice(line.lastIndexOf(")") + 1)
    .trim()
    .split(/\s+/);
  const [state, startedTicks] = [fields[0], Number(fields[19])];
  if (state === undefined || !Number.isInteger(startedTicks)) return null;
  return {
    state,
    parent: Number(fields[1]),
    processGroup: Number(fields[2]),
    session: Number(fields[3]),
    startedTicks,
  };
}

/** The process that `pid` means now, or null when there is none or it has ended and only waits to be collected. */
export function processIdentity(pid: number): ProcessIdentity | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const bootId = readOrNull("/proc/sys/kernel/random/boot_id")?.trim();
  if (bootId === undefined) return identityFromPs(pid);
  const stat = parseProcessStat(readOrNull(`/proc/${pid}/stat`) ?? "");
  return stat === null || hasEnded(stat.state) ? null : { pid, startedTicks: stat.startedTicks, bootId };
}

/** The identity of this process. Throws when the machine tells of it neither through /proc nor through `ps`. */
export function ownIdentity(): ProcessIdentity {
  const own = processIdentity(process.pid);
  if (own === null) throw new Error(`neither /proc nor ps tells when process ${process.pid} started`);
  return own;
}

/** Whether exactly that process still runs: false when its id now means another process, or after a reboot. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = processIdentity(identity.pid);
  return now !== null && now.startedTicks === identity.startedTicks && now.bootId === identity.bootId;
}

/** Whether a state letter of /proc or `ps` is that of a process that has ended. */
export function hasEnded(state: string): boolean {
  return state.startsWith("Z") || state.startsWith("X");
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function identityFromPs(pid: number): ProcessIdentity | null {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    const [state = "", ...started] = line.split(/\s+/);
    const startedMs = Date.parse(started.join(" "));
    return hasEnded(state) || Number.isNaN(startedMs) ? null : { pid, startedTicks: startedMs / 1000, bootId: "none" };
  } catch {
    return null;
  }
}
