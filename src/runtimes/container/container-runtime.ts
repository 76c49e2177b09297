/** Runtimes `docker` and `podman`: the engine runs in a container of a locked image, made for one launch and removed after it. */
import { randomInt, randomUUID } from "node:crypto";
import { access } from "node:fs/promises";
import { hostPathMissing, unexpectedFirstLine } from "../../messages/runtimes.ts";
import { containerCommandMissing } from "../../messages/runtimes-container.ts";
import type { LaunchPlan, RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { ContainerRuntimeName } from "../../model/suite.ts";
import { nodeCommandRunner } from "../../platform/command-runner.ts";
import { ownIdentity } from "../../platform/process-identity.ts";
import { endAndThrow } from "../failed-start.ts";
import { findProgram } from "../find-program.ts";
import { launchRecords, ownPlace } from "../launch-records.ts";
import { logProbesOf, probesOf } from "../readiness/plan-probes.ts";
import { readyOrExited } from "../readiness/ready-or-exited.ts";
import type { Availability, ContainerStart, Runtime, StartOptions } from "../runtime.ts";
import { stateFolder } from "../state-folder.ts";
import { stdioEndpoint } from "../stdio-endpoint.ts";
import { stdioLines } from "../stdio-lines.ts";
import { sweepLaunches } from "../sweep.ts";
import { asEngineSees, placeFor } from "./as-engine-sees.ts";
import { cacheVariables } from "./cache-folders.ts";
import { addressOf } from "./container-address.ts";
import { type ContainerClient, containerClient } from "./container-client.ts";
import { containerFacts } from "./container-facts.ts";
import type { ContainerLaunch } from "./create-arguments.ts";
import { failureOf } from "./failed-container.ts";
import { inspectedWords } from "./inside-command.ts";
import { imageVariables } from "./inspected.ts";
import { labelsOf, ownJob } from "./launch-labels.ts";
import { launchContainer } from "./launched-container.ts";
import { insideWords } from "./mounts.ts";
import { assertDriver, assertStartable, engineInfo } from "./prerequisites.ts";
import { lockedImage } from "./pull-image.ts";
import { sweepContainers } from "./sweep-containers.ts";

/** How long an engine is asked politely once the whole run is to end: GitHub's runner sends SIGTERM 7.5 s after its first signal. */
const hurriedStopMs = 2000;

/**
 * Any port is free inside. Not always the same one: a later launch can get the address of an earlier one, and a connection that was kept open to
 * that would be used again, and hang.
 */
const insidePorts = [20_000, 32_000] as const;

/** `folder` gives the state folder at each use; `program` is the command, by default looked up on PATH. */
export function createContainerRuntime(
  name: ContainerRuntimeName,
  {
    folder = () => stateFolder(process.env),
    program = name,
  }: { readonly folder?: () => string; readonly program?: string } = {},
): Runtime {
  const client = containerClient(name, nodeCommandRunner, program);
  return {
    name,
    available: () => availability(client),
    start: (plan, options) => start(client, plan, options, folder()),
    sweep: async () => [
      ...(await sweepContainers(client, ownJob(process.env))),
      ...(await sweepLaunches(launchRecords(folder()))),
    ],
  };
}

async function availability(client: ContainerClient): Promise<Availability> {
  try {
    await placeFor(client);
    await engineInfo(client);
    return { available: true };
  } catch (error) {
    const problem = error instanceof GateError ? error.problems[0] : undefined;
    if (problem === undefined) throw error;
    return { available: false, problem };
  }
}

/** An aborted start rejects with the signal's reason. */
async function start(
  client: ContainerClient,
  plan: LaunchPlan,
  options: StartOptions,
  folder: string,
): Promise<RunningEngine> {
  const { signal, container } = options;
  if (container === undefined) throw new Error(`runtime ${client.runtime} was started without a container`);
  signal.throwIfAborted();
  const { spec } = container;
  await assertHostPaths(plan);
  const place = await placeFor(client);
  const info = await engineInfo(client);
  assertStartable(client, info, spec, plan);
  signal.throwIfAborted();
  const image = await lockedImage(client, spec, { signal, onProgress: container.onProgress });
  await assertDriver(image, spec, plan.env, container.gpuDriver);
  signal.throwIfAborted();

  const launchId = randomUUID();
  const port = randomInt(...insidePorts);
  const inside = { ...inspectedWords(insideWords(plan, port), image), port };
  const env = { ...cacheVariables(spec, imageVariables(image), plan.env), ...plan.env };
  const launch = asEngineSees(launchOf({ ...plan, env }, container, launchId, inside, info.gpusBy ?? "flag"), place);
  const { words } = launch;
  const logProbes = logProbesOf(plan);
  const launched = await launchContainer(
    client,
    {
      launch,
      launchId,
      program: await programOf(client),
      image,
      stopTimeoutMs: () => Math.min(plan.stopTimeoutMs, signal.aborted ? hurriedStopMs : Number.POSITIVE_INFINITY),
      onLogLine: (line) => {
        for (const probe of logProbes) probe.onLine(line);
        options.onLogLine(line);
      },
    },
    launchRecords(folder),
    signal,
  );
  const { attached, exited } = launched;
  const { log, child } = attached;
  try {
    const deadline = Date.now() + plan.startupTimeoutMs;
    const lines = plan.transport === "stdio" && child.stdout !== null ? stdioLines(child.stdout) : null;
    const address =
      plan.transport === "stdio"
        ? { kind: "none" as const }
        : await addressOf(launched, launch, plan.startupTimeoutMs, signal);
    const baseUrl = address.kind === "address" ? address.baseUrl : "";
    const about = () => ({ hints: plan.hints, logTail: log.tail(), logFile: log.file() });
    const unexpected = (line: string, type: string) =>
      unexpectedFirstLine({ ...about(), command: words.join(" "), line, type });
    const probes = [...logProbes, ...probesOf(plan, baseUrl, lines, unexpected)];
    const readied =
      address.kind === "exited"
        ? address
        : await readyOrExited(probes, exited, Math.max(1, deadline - Date.now()), signal);
    if (readied.kind !== "ready") {
      const failure = await failureOf(readied, { plan, launch, probes, tool: client.runtime, state: launched.inspect });
      await launched.stop();
      throw new GateError([failure(about())]);
    }
    return {
      endpoint:
        lines === null || child.stdin === null
          ? { kind: "http", baseUrl }
          : stdioEndpoint(child.stdin, lines, log.tail),
      facts: containerFacts({
        runtime: client.runtime,
        version: info.version,
        launch,
        launchId,
        image,
        logFile: log.file(),
      }),
      logTail: log.tail,
      logFile: log.file,
      exited,
      stop: launched.stop,
    };
  } catch (error) {
    return endAndThrow(error, launched.stop);
  }
}

function launchOf(
  plan: LaunchPlan,
  { spec }: ContainerStart,
  launchId: string,
  inside: Pick<ContainerLaunch, "words" | "mounts" | "port">,
  gpusBy: "flag" | "cdi",
): ContainerLaunch {
  const owner = { launch: launchId, owner: ownIdentity(), place: ownPlace(), job: ownJob(process.env) };
  return {
    name: `inference-gate-${launchId}`,
    labels: labelsOf(owner),
    spec,
    ...inside,
    env: plan.env,
    transport: plan.transport,
    gpusBy,
    ownContainer: null,
    ownUser: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
  };
}

async function programOf({ program, runtime }: ContainerClient): Promise<string> {
  const found = await findProgram(program, process.cwd(), process.env.PATH ?? "");
  if (found.kind !== "found") throw new GateError([containerCommandMissing({ tool: runtime })]);
  return found.path;
}

async function assertHostPaths({ argv, hints }: LaunchPlan): Promise<void> {
  const problems = await Promise.all(
    argv.map(async (word) => {
      if (typeof word === "string" || !("hostPath" in word)) return [];
      const path = word.hostPath;
      return access(path).then(
        () => [],
        () => [hostPathMissing({ path, hints })],
      );
    }),
  );
  if (problems.flat().length > 0) throw new GateError(problems.flat());
}
