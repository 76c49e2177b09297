/** The gate in a network namespace of its own: no interface but the loopback, so that nothing can be reached, not even by a mistake. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Gate, Place } from "./gate.ts";

/** Lists the interfaces on stderr and sets the flags that `ip link set lo up` sets, on a machine that may have no `ip`. */
const loopbackUp = `
import fcntl, os, socket, struct, sys
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sH22x", b"lo", 0x1 | 0x8 | 0x40))
sys.stderr.write("interfaces: " + ", ".join(name for _, name in socket.if_nameindex()) + "\\n")
os.execv(sys.argv[1], sys.argv[1:])
`;

/** `down`: not even this machine can be reached. `up`: processes of one engine can meet, as vLLM's want to. */
export type Loopback = "down" | "up";

/** Waits for the end; throws where namespaces cannot be made. */
export function withoutNetwork(
  { gate, place, loopback, env }: { gate: Gate; place: Place; loopback: Loopback; env: NodeJS.ProcessEnv },
  args: readonly string[],
): { readonly code: number | null; readonly text: string } {
  const { PATH, HOME } = process.env;
  const state = join(place.folder, "state");
  const up = loopback === "up" ? ["python3", "-c", loopbackUp] : [];
  const words = ["--map-root-user", "--net", "--", ...up, process.execPath, gate.program, ...args];
  const ran = spawnSync("unshare", words, {
    cwd: place.folder,
    encoding: "utf8",
    env: { PATH, HOME, INFERENCE_GATE_STATE: state, INFERENCE_GATE_CACHE: join(state, "cache"), ...env },
  });
  if (ran.error !== undefined) throw ran.error;
  return { code: ran.status, text: `${ran.stdout}${ran.stderr}` };
}
