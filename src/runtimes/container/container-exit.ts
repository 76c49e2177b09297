/** How the engine inside a container ended: told by the container, and by the attached client where that cannot be asked any more. */
import { constants } from "node:os";
import type { EngineExit } from "../../model/launch-plan.ts";
import { systemClock } from "../../platform/clock.ts";
import type { InspectedContainer } from "./inspected.ts";

const lookAgainMs = 500;

/** Exit code 128 + n is the end by signal n, as the first process of a container reports it. */
export function exitFromCode(code: number): EngineExit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
  return signal === null ? { code, signal: null } : { code: null, signal };
}

/** Never rejects. A client that lost its connection says nothing of the engine: the container is watched until it ends, too. */
export async function exitOf(
  clientExit: Promise<EngineExit>,
  inspect: () => Promise<InspectedContainer | null>,
): Promise<EngineExit> {
  const ofClient = await clientExit;
  for (;;) {
    const found = await inspect();
    if (found === null) return ofClient.code === null ? ofClient : exitFromCode(ofClient.code);
    if (!found.State.Running) return exitFromCode(found.State.ExitCode);
    await systemClock.sleep(lookAgainMs);
  }
}
