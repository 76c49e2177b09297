/** One launch of a container: its network, the container, and the client that is attached to it; made in this order, removed as a whole. */

import { containerRefused } from "../../messages/runtimes-container.ts";
import { imageNotProved } from "../../messages/runtimes-image.ts";
import { imageWord } from "../../model/image-reference.ts";
import type { EngineExit } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import { systemClock } from "../../platform/clock.ts";
import { lastResort } from "../../platform/shutdown.ts";
import { type EngineProcess, spawnEngine } from "../engine-process.ts";
import type { LaunchRecords } from "../launch-records.ts";
import { clientEnvironment } from "./client-environment.ts";
import { type ContainerClient, changeLimitMs } from "./container-client.ts";
import { exitOf } from "./container-exit.ts";
import { type ContainerLaunch, createArguments, networkArguments } from "./create-arguments.ts";
import type { InspectedContainer, InspectedImage } from "./inspected.ts";
import { removeLaunch, removeLaunchNow } from "./remove-launch.ts";

export interface ContainerOrder {
  readonly launch: ContainerLaunch;
  readonly launchId: string;
  /** Absolute path of docker or podman. */
  readonly program: string;
  readonly image: InspectedImage;
  /** From the polite signal to the certain one; asked when it is stopped. */
  readonly stopTimeoutMs: () => number;
  readonly onLogLine: (line: string) => void;
}

export interface LaunchedContainer {
  readonly attached: EngineProcess;
  /** Never rejects; how the engine inside ended. */
  readonly exited: Promise<EngineExit>;
  /** What is known of it when it has ended and is still there; null when nobody can tell. */
  inspect(): Promise<InspectedContainer | null>;
  /** Idempotent. Throws GateError (`runtimes/container-left`) when something of it could not be removed. */
  stop(): Promise<void>;
}

/** Nothing is left when it rejects, with a GateError or the signal's reason. */
export async function launchContainer(
  client: ContainerClient,
  order: ContainerOrder,
  records: LaunchRecords,
  signal: AbortSignal,
): Promise<LaunchedContainer> {
  const { launch } = order;
  const { name } = launch;
  const forget = lastResort(removeLaunchNow(client, order.program, launch));
  const remove = async () => {
    await removeLaunch(client, name);
    forget();
  };
  try {
    const network = networkArguments(launch);
    if (network !== null) await must(client, "create the container's network", ["network", "create", ...network]);
    signal.throwIfAborted();
    if (network !== null && launch.ownContainer !== null)
      await must(client, "join the container's network", ["network", "connect", name, launch.ownContainer]);
    signal.throwIfAborted();
    await must(client, "create the container", ["create", ...createArguments(launch, client.runtime)]);
    signal.throwIfAborted();
    await proveImage(client, order);
    signal.throwIfAborted();
    const attached = await attach(order, records);
    return running(client, order, attached, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function must(client: ContainerClient, step: string, words: readonly string[]): Promise<void> {
  const result = await client.call(words, changeLimitMs);
  if (result.code !== 0)
    throw new GateError([containerRefused({ tool: client.runtime, step, output: result.stderr, hints: [] })]);
}

/** The container was made from the image that was looked at, and that carries the locked digest. */
async function proveImage(client: ContainerClient, { launch, image }: ContainerOrder): Promise<void> {
  const locked = launch.spec.image;
  const made = await client.container(launch.name);
  const isLocked = image.RepoDigests.some((digest) => digest.endsWith(`@${locked.digest}`));
  if (made !== null && made.Image === image.Id && isLocked) return;
  const found =
    made === null ? "no such container" : `${made.Image} of ${image.RepoDigests.join(", ") || "no repository"}`;
  throw new GateError([imageNotProved({ image: imageWord(locked), found })]);
}

async function attach(order: ContainerOrder, records: LaunchRecords): Promise<EngineProcess> {
  const { launch, launchId, program } = order;
  const isStdio = launch.transport === "stdio";
  const spawned = await spawnEngine(
    {
      launchId,
      program,
      args: ["start", "--attach", ...(isStdio ? ["--interactive"] : []), launch.name],
      env: clientEnvironment(process.env),
      folder: "/",
      transport: launch.transport,
      stopTimeoutMs: 1000,
    },
    records,
    order.onLogLine,
  );
  if (spawned.kind === "refused") throw new Error(`${program} could not be started: ${spawned.reason}`);
  return spawned.engine;
}

function running(
  client: ContainerClient,
  { launch: { name }, stopTimeoutMs }: ContainerOrder,
  attached: EngineProcess,
  remove: () => Promise<void>,
): LaunchedContainer {
  const inspect = () => client.container(name).catch(() => null);
  const exited = exitOf(attached.exited, inspect);
  let stopping: Promise<void> | null = null;
  const end = async () => {
    for (const [signalName, limitMs] of [
      ["TERM", stopTimeoutMs()],
      ["KILL", 3000],
    ] as const) {
      if (await settlesWithin(exited, 0)) break;
      // What has just ended, or never started, refuses a signal.
      await client.call(["kill", "--signal", signalName, name], 3000).catch(() => null);
      await settlesWithin(exited, limitMs);
    }
    try {
      await remove();
    } finally {
      await attached.stop();
    }
  };
  return {
    attached,
    exited,
    inspect,
    stop: () => {
      stopping ??= end();
      return stopping;
    },
  };
}

async function settlesWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  const over = new AbortController();
  const late = systemClock.sleep(limitMs, over.signal).then(
    () => false,
    () => false,
  );
  const isSettled = await Promise.race([promise.then(() => true), late]);
  over.abort();
  return isSettled;
}
