/** What attestation costs with an image of 10 GB that is there already: every call of docker's command by itself, and the facts told from inside. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { baseImage } from "../__tests__/e2e/container-host.ts";
import { imageRegistry, installMissing, ownDockerd, run } from "../__tests__/e2e/container-machine.ts";
import { containerSpec } from "../__tests__/e2e/container-spec.ts";
import { cacheFolder } from "../src/demo/cache-folder.ts";
import { driverPath } from "../src/demo/drivers-folder.ts";
import { parseDigest } from "../src/model/digest.ts";
import type { LaunchPlan } from "../src/model/launch-plan.ts";
import { createContainerRuntime } from "../src/runtimes/container/container-runtime.ts";
import { type Bench, median } from "./bench.ts";
import { overPairs } from "./paired.ts";

const usualGigabytes = 10;
const rounds = 7;
const goalMs = 2000;

/** Everything lies below one folder, in a docker engine of its own, and goes with it. The size is in gigabytes. */
export const image: Bench = async (say, size) => {
  const gigabytes = size === null ? usualGigabytes : Number(size);
  const folder = mkdtempSync(join(tmpdir(), "inference-gate-bench-image-"));
  const stops: (() => Promise<void>)[] = [];
  const hostBefore = process.env.DOCKER_HOST;
  try {
    installMissing();
    stops.push(await ownDockerd(folder));
    process.env.DOCKER_HOST = `unix://${folder}/docker.sock`;
    const registry = await imageRegistry(join(folder, "registry"), folder);
    stops.push(registry.stop);
    say("making an image with Python");
    const cache = join(cacheFolder(process.env), "containers");
    mkdirSync(cache, { recursive: true });
    const small = await pushed(await baseImage(cache), `${registry.address}/gate/small`);
    say(`making one of ${gigabytes} GB`);
    const large = await pushed(grown(small.id, gigabytes), `${registry.address}/gate/large`);
    const bytes = Number(run("docker", "image", "inspect", "--format", "{{.Size}}", large.id));
    if (bytes < gigabytes * 1e9) throw new Error(`the image has ${bytes} bytes only`);
    say(`measuring in turns, ${rounds} rounds`);
    const launches = { large: [] as Launched[], small: [] as Launched[] };
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? (["large", "small"] as const) : (["small", "large"] as const);
      for (const which of order) launches[which].push(await launched(which === "large" ? large : small, folder));
    }
    const of = (value: (one: Launched) => number, which: "large" | "small" = "large") =>
      median(launches[which].map(value));
    const attested = (one: Launched) => one.lookMs + one.proofMs + one.insideMs;
    const more = overPairs(launches.large.map((one, at) => one.readyMs - (launches.small[at]?.readyMs ?? Number.NaN)));
    const inMs = (ms: number) => `${ms.toFixed(0)} ms`;
    say(
      `start to ready ${inMs(of((one) => one.readyMs))}, with the small image ${inMs(of((one) => one.readyMs, "small"))}`,
    );
    return [
      {
        name: `attestation of an image of ${(bytes / 1e9).toFixed(1)} GB, the second time`,
        measured: inMs(of(attested)),
        ratio: `image looked at ${inMs(of((one) => one.lookMs))}, container proved ${inMs(of((one) => one.proofMs))}, told from inside ${inMs(of((one) => one.insideMs))}`,
        goal: `under ${goalMs / 1000} s`,
        isMet: Math.max(...launches.large.map(attested)) < goalMs,
      },
      {
        name: "what its size adds to a whole start",
        measured: inMs(more.median),
        ratio: `95 %: ${more.interval?.map(inMs).join(" to ") ?? "too few pairs"}, against ${(Number(run("docker", "image", "inspect", "--format", "{{.Size}}", small.id)) / 1e9).toFixed(1)} GB`,
        goal: `under ${goalMs / 1000} s`,
        isMet: (more.interval?.[1] ?? Number.POSITIVE_INFINITY) < goalMs,
      },
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
    if (hostBefore === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = hostBefore;
    rmSync(folder, { recursive: true, force: true });
  }
};

interface PushedImage {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
}

/** Under a name with a digest, as a registry gives one. */
function pushed(id: string, name: string): PushedImage {
  run("docker", "tag", id, `${name}:1`);
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(run("docker", "push", `${name}:1`))?.[1] ?? "";
  return { id, name, digest };
}

/** A layer more: a file of zeros, which docker stores like any other. */
function grown(base: string, gigabytes: number): string {
  const fill = `open("/large","wb").truncate(${gigabytes * 1e9})`;
  const container = run("docker", "create", "--network", "none", base, "python3", "-c", fill);
  run("docker", "start", "--attach", container);
  const id = run("docker", "commit", container);
  run("docker", "rm", container);
  return id;
}

interface Launched {
  /** Milliseconds from the gate's first question to an engine that is ready and has told its facts. */
  readonly readyMs: number;
  /** Looking at the image; of all calls that do. */
  readonly lookMs: number;
  /** Looking at the container, to prove what it was made from. */
  readonly proofMs: number;
  readonly insideMs: number;
}

async function launched({ name, digest }: PushedImage, folder: string): Promise<Launched> {
  const calls = join(folder, "calls");
  writeFileSync(calls, "");
  const runtime = createContainerRuntime("docker", {
    folder: () => join(folder, "state"),
    program: timedDocker(folder, calls),
  });
  const parsed = parseDigest(digest);
  if (parsed === null) throw new Error(`${digest} is no digest`);
  const { signal } = new AbortController();
  const container = containerSpec({ imageName: name, imageDigest: parsed });
  const startedAt = performance.now();
  const running = await runtime.start(plan, { signal, onLogLine: () => {}, container });
  try {
    const readyMs = performance.now() - startedAt;
    if (running.endpoint.kind !== "stdio") throw new Error("no conversation");
    const first = await running.endpoint.lines[Symbol.asyncIterator]().next();
    const { facts } = JSON.parse(first.value);
    const spent = (kind: string) =>
      readFileSync(calls, "utf8")
        .split("\n")
        .filter((line) => line.startsWith(`${kind} inspect `))
        .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
    return { readyMs, lookMs: spent("image"), proofMs: spent("container"), insideMs: facts["engine.inside-ms"] };
  } finally {
    await running.stop();
  }
}

const plan: LaunchPlan = {
  argv: ["python3", { hostPath: resolve("bench", "attested_engine.py") }, { hostPath: driverPath("inference_gate") }],
  env: {},
  workingDirectory: process.cwd(),
  transport: "stdio",
  readiness: [{ kind: "message", type: "ready" }],
  startupTimeoutMs: 120_000,
  stopTimeoutMs: 5000,
  hints: [],
  attachedUrl: null,
};

/** The docker command, with a line for each call: its first two words and the milliseconds that it took. */
function timedDocker(folder: string, calls: string): string {
  const program = join(folder, "docker");
  const script = `#!/bin/bash
begin=$(date +%s%N)
if [ "$1" = start ]; then exec docker "$@"; fi
docker "$@"
code=$?
echo "$1 $2 $(( ($(date +%s%N) - begin) / 1000000 ))" >> ${calls}
exit $code
`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}
