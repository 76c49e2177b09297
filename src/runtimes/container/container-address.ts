/** Where the engine in a container can be asked: its own address on an internal network, or the port of 127.0.0.1 that stands for it. */
import type { EngineExit } from "../../model/launch-plan.ts";
import { systemClock } from "../../platform/clock.ts";
import type { ContainerLaunch } from "./create-arguments.ts";
import type { InspectedContainer } from "./inspected.ts";
import type { LaunchedContainer } from "./launched-container.ts";

export type Address =
  | { readonly kind: "address"; readonly baseUrl: string }
  | { readonly kind: "exited"; readonly exit: EngineExit }
  | { readonly kind: "late"; readonly waitedFor: string; readonly seen: string };

const pauseMs = 40;

/** Rejects with the signal's reason when that is aborted. */
export async function addressOf(
  { exited, inspect }: Pick<LaunchedContainer, "exited" | "inspect">,
  launch: ContainerLaunch,
  limitMs: number,
  signal: AbortSignal,
): Promise<Address> {
  const deadline = systemClock.now() + limitMs;
  let exit: EngineExit | null = null;
  void exited.then((ended) => {
    exit = ended;
  });
  for (;;) {
    const found = await inspect();
    signal.throwIfAborted();
    const baseUrl = found === null ? null : urlIn(found, launch);
    if (baseUrl !== null) return { kind: "address", baseUrl };
    if (exit !== null) return { kind: "exited", exit };
    if (systemClock.now() >= deadline)
      return {
        kind: "late",
        waitedFor: "a running container",
        seen: `container ${found?.State.Status ?? "not found"}`,
      };
    await systemClock.sleep(pauseMs, signal);
  }
}

function urlIn(
  { State, NetworkSettings }: InspectedContainer,
  { name, spec, port, ownContainer }: ContainerLaunch,
): string | null {
  if (!State.Running) return null;
  // A published port is on the host's 127.0.0.1, which is not that of a container.
  if (spec.network === "allow" && ownContainer === null) {
    const published = NetworkSettings.Ports?.[`${port}/tcp`]?.[0]?.HostPort ?? "";
    return published === "" ? null : `http://127.0.0.1:${published}`;
  }
  const address = NetworkSettings.Networks?.[name]?.IPAddress ?? "";
  return address === "" ? null : `http://${address}:${port}`;
}
