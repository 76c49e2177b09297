/** Who listens on a port of this machine, so that an answer is not taken for one of an engine that never got the port. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const listening = "0A";

/** Whether one of these processes listens on the port; null where /proc does not tell. */
export function listensOn(port: number, pids: readonly number[]): boolean | null {
  const sockets = listeningSockets(port);
  if (sockets === null || sockets.length === 0) return null;
  let isSeen = true;
  for (const pid of pids) {
    const held = heldBy(pid);
    if (held === null) isSeen = false;
    else if (sockets.some((socket) => held.has(socket))) return true;
  }
  return isSeen ? false : null;
}

/** Links such as `socket:[4711]`; see proc_pid_net(5) for the columns. */
function listeningSockets(port: number): readonly string[] | null {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const tables = ["tcp", "tcp6"].map(readTable).filter((table) => table !== null);
  if (tables.length === 0) return null;
  return tables
    .flatMap((table) => table.split("\n"))
    .map((row) => row.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(wanted) && columns[3] === listening)
    .map((columns) => `socket:[${columns[9]}]`);
}

function readTable(name: string): string | null {
  try {
    return readFileSync(`/proc/net/${name}`, "utf8");
  } catch {
    return null;
  }
}

/** Null for a process whose descriptors this user may not see. */
function heldBy(pid: number): ReadonlySet<string> | null {
  try {
    const folder = `/proc/${pid}/fd`;
    return new Set(readdirSync(folder).map((name) => linkOf(`${folder}/${name}`)));
  } catch {
    return null;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed since the folder was read.
    return "";
  }
}
