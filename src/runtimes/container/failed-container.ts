/** Why an engine in a container did not become ready, told by the container itself where it can. */

import { exitedEarly, notReadyInTime } from "../../messages/runtimes.ts";
import { containerRefused, imageLacksProgram, outOfMemory } from "../../messages/runtimes-container.ts";
import { noGpuSupport } from "../../messages/runtimes-image.ts";
import { imageWord } from "../../model/image-reference.ts";
import type { LaunchPlan } from "../../model/launch-plan.ts";
import type { Problem } from "../../model/problem.ts";
import type { ContainerRuntimeName } from "../../model/suite.ts";
import { waitsFor } from "../readiness/await-ready.ts";
import type { Probe } from "../readiness/probe.ts";
import type { ReadyOrExited } from "../readiness/ready-or-exited.ts";
import { insideCommand } from "./container-facts.ts";
import type { ContainerLaunch } from "./create-arguments.ts";
import type { InspectedContainer } from "./inspected.ts";

export interface FailedContainer {
  readonly plan: LaunchPlan;
  readonly launch: ContainerLaunch;
  readonly probes: readonly Probe[];
  readonly tool: ContainerRuntimeName;
  readonly state: () => Promise<InspectedContainer | null>;
}

interface Log {
  readonly hints: readonly string[];
  readonly logTail: readonly string[];
  readonly logFile: string | null;
}

/** The problem, made from the log as it is once the engine has ended. The container must still be there. */
export async function failureOf(
  readied: Exclude<ReadyOrExited, { kind: "ready" }>,
  { plan, launch, probes, tool, state }: FailedContainer,
): Promise<(log: Log) => Problem> {
  const command = insideCommand(launch);
  if (readied.kind === "hopeless") return ({ logTail }) => ({ ...readied.problem, evidence: logTail });
  if (readied.kind === "late")
    return (log) => notReadyInTime({ ...log, ...readied, command, limitMs: plan.startupTimeoutMs });
  const found = await state();
  // A container that never ran has the reason of docker or podman in the place of a log.
  if (found !== null && /^(?:created|configured|initialized)$/.test(found.State.Status))
    return ({ logTail, hints }) => neverRan(found, logTail, hints, tool, launch);
  // podman does not always see it: nobody else kills an engine that has not become ready.
  const isKilledInLimit = readied.exit.signal === "SIGKILL" && launch.spec.memory !== null;
  if (found?.State.OOMKilled === true || isKilledInLimit)
    return (log) => outOfMemory({ ...log, command, limit: launch.spec.memory });
  return (log) =>
    imageLacks(log, launch) ?? exitedEarly({ ...log, command, exit: readied.exit, waitedFor: waitsFor(probes) });
}

/** What the first process inside, that of docker or that of podman, says of a program that it could not execute. */
const notExecuted = /^\[FATAL tini .*exec .* failed: |^ERROR \(catatonit:.*failed to exec pid1: /;

function imageLacks({ logTail, hints }: Log, { words, spec }: ContainerLaunch): Problem | null {
  const output = logTail.at(-1) ?? "";
  if (!notExecuted.test(output)) return null;
  return imageLacksProgram({ program: words[0], image: imageWord(spec.image), output, hints });
}

function neverRan(
  { State }: InspectedContainer,
  logTail: readonly string[],
  hints: readonly string[],
  tool: ContainerRuntimeName,
  { words, spec }: ContainerLaunch,
): Problem {
  const said = (State.Error ?? "") === "" ? logTail : (State.Error ?? "").split("\n");
  const output = said.join("\n");
  if (/could not select device driver|nvidia-container-cli|unresolvable CDI devices/i.test(output))
    return noGpuSupport({ tool, output: said });
  if (
    /executable file not found|no such file or directory|permission denied|exec format error/i.test(output) &&
    /exec/i.test(output)
  )
    return imageLacksProgram({ program: words[0], image: imageWord(spec.image), output, hints });
  return containerRefused({ tool, step: "start the container", output, hints });
}
