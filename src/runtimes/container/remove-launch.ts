/** Removes a launch's container, its anonymous volumes and its network, until there is nothing left of it. */
import { spawnSync } from "node:child_process";
import { containerLeft } from "../../messages/runtimes-container.ts";
import { GateError } from "../../model/problem.ts";
import type { ContainerRuntimeName } from "../../model/suite.ts";
import { systemClock } from "../../platform/clock.ts";
import type { CommandResult } from "../../platform/command-runner.ts";
import { askLimitMs, type ContainerClient } from "./container-client.ts";
import type { ContainerLaunch } from "./create-arguments.ts";

/** How long an engine that restarts or hangs is waited for. */
const patienceMs = 15_000;
const pauseMs = 250;

/** At once, with SIGKILL: podman would be polite for ten seconds. */
export const removeContainer = (runtime: ContainerRuntimeName, name: string): readonly string[] => [
  "rm",
  "--force",
  "--volumes",
  ...(runtime === "podman" ? ["--time", "0"] : []),
  name,
];
const disconnect = (network: string, container: string): readonly string[] => [
  "network",
  "disconnect",
  "--force",
  network,
  container,
];
const removeNetwork = (name: string): readonly string[] => ["network", "rm", name];

/** Throws GateError (`runtimes/container-left`) when the engine did not do it in time; what is not there counts as removed. */
export async function removeLaunch(client: ContainerClient, name: string): Promise<void> {
  const deadline = systemClock.now() + patienceMs;
  for (const words of [removeContainer(client.runtime, name), removeNetwork(name)]) {
    for (;;) {
      const reason = await tried(client, words, deadline - systemClock.now());
      if (reason === null) break;
      if (/active endpoints/i.test(reason)) await disconnectAll(client, name);
      if (systemClock.now() + pauseMs >= deadline)
        throw new GateError([containerLeft({ tool: client.runtime, name, reason })]);
      await systemClock.sleep(pauseMs);
    }
  }
}

/** A container that joined the network to reach the engine, as the one of our own job does, keeps it from being removed. */
async function disconnectAll(client: ContainerClient, name: string): Promise<void> {
  const format = "{{range $id, $container := .Containers}}{{$id}} {{end}}";
  const listed = await client.call(["network", "inspect", "--format", format, name], askLimitMs);
  for (const id of listed.stdout.split(/\s+/).filter((word) => /^[0-9a-f]+$/.test(word)))
    await client.call(disconnect(name, id), askLimitMs);
}

/** Null when it is gone, else why not. */
async function tried(client: ContainerClient, words: readonly string[], limitMs: number): Promise<string | null> {
  try {
    const result = await client.call(words, Math.max(1000, limitMs));
    return isGone(result) ? null : result.stderr.trim();
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    return error.message;
  }
}

const isGone = ({ code, stderr }: CommandResult) =>
  code === 0 ||
  /no such (?:container|network)|network .*not found|network not found|no container with name/i.test(stderr);

/**
 * The same, synchronously and at most once; for a process that is itself about to end. Within a second and a half, since GitHub's runner ends us
 * 10 s after its first signal and this comes 6 s after it: what an engine that hangs does not do now, it may do later, or the next sweep will.
 */
export function removeLaunchNow(
  { runtime }: Pick<ContainerClient, "runtime">,
  program: string,
  { name, ownContainer }: Pick<ContainerLaunch, "name" | "ownContainer">,
): () => void {
  let isTried = false;
  const leave = ownContainer === null ? [] : [disconnect(name, ownContainer)];
  return () => {
    if (isTried) return;
    isTried = true;
    for (const words of [removeContainer(runtime, name), ...leave, removeNetwork(name)])
      if (spawnSync(program, words, { stdio: "ignore", timeout: 1200 }).error !== undefined) return;
  };
}
