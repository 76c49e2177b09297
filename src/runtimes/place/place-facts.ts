/** Looks at what surrounds this process. */
import { access, readFile } from "node:fs/promises";
import type { PlaceFacts } from "./runner-place.ts";

/** Never rejects: what cannot be read is not there. */
export async function placeFacts(env: PlaceFacts["env"]): Promise<PlaceFacts> {
  const socket = env.DOCKER_HOST?.startsWith("unix://")
    ? env.DOCKER_HOST.slice("unix://".length)
    : "/var/run/docker.sock";
  const [isThere, cgroup, mountinfo] = await Promise.all([
    exists(socket),
    text("/proc/1/cgroup"),
    text("/proc/self/mountinfo"),
  ]);
  return { env, socket: isThere ? socket : null, cgroup, mountinfo };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
const text = (path: string) => readFile(path, "utf8").catch(() => "");
