/** A gate that is killed at any point leaves nothing that the next sweep does not remove, and nobody else's container is touched. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { RealParts } from "../../src/demo/real-parts.ts";
import { containerRuntimeNames } from "../../src/model/suite.ts";
import { ownIdentity } from "../../src/platform/process-identity.ts";
import { createContainerRuntime } from "../../src/runtimes/container/container-runtime.ts";
import { labelsOf, ownJob } from "../../src/runtimes/container/launch-labels.ts";
import { ownPlace } from "../../src/runtimes/launch-records.ts";
import { type ContainerHost, containerHost, serverInside } from "./container-host.ts";
import { type FaultyCommand, faultyCommand } from "./faulty-command.ts";
import { buildGate, type Gate, type Place, type Running } from "./gate.ts";
import { leftOnMachine } from "./left-on-machine.ts";
import { realPartsForTests } from "./real-parts.ts";
import { endLikeRunner } from "./runner-signals.ts";

let host: ContainerHost;
let gate: Gate;
let parts: RealParts;
beforeAll(async () => {
  gate = buildGate();
  parts = await realPartsForTests();
  host = await containerHost();
  Object.assign(process.env, host.env);
});
afterAll(async () => {
  gate.remove();
  await host.stop();
});

/** Loads for ever and does not listen to SIGTERM. */
const deaf = [
  "python3",
  "-c",
  "import signal, sys, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', file=sys.stderr, flush=True)\ntime.sleep(600)",
];

function told({ child, ended }: Running, text: string): Promise<unknown> {
  const seen = new Promise<void>((resolve) => {
    let all = "";
    child.stderr?.on("data", (bytes: Buffer) => {
      all += bytes.toString();
      if (all.includes(text)) resolve();
    });
  });
  return Promise.race([seen, ended]);
}

const killPoints = {
  docker: [
    "network-create:before",
    "network-create:after",
    "create:before",
    "create:after",
    "container-inspect:after",
    "start:before",
    "kill:before",
    "kill:after",
    "rm:before",
    "rm:after",
    "network-rm:before",
    "network-rm:after",
  ],
  podman: ["network-create:after", "create:before", "start:before", "rm:after"],
} as const;

describe.each(containerRuntimeNames)("runtime %s", (runtime) => {
  let folder: string;
  let command: FaultyCommand;
  /** Containers of others: one without our labels, one of a gate that lives. */
  const others = [`stranger-${randomUUID()}`, `living-${randomUUID()}`] as const;

  function suiteIn(place: Place, engineCommand: readonly string[], maxTokens: number): void {
    place.write(
      "inference-gate/suite.yml",
      [
        "version: 1",
        `runtime: ${runtime}`,
        `image: ${host.imageName}@${host.imageDigest}`,
        "timeouts: { startup_s: 60, stop_s: 20 }",
        `engine: { name: llama-cpp, command: ${JSON.stringify(engineCommand)}, args: { ctx-size: 512, threads: 1 } }`,
        `model: { name: small, path: ${JSON.stringify(parts.modelPath)} }`,
        `sampling: { temperature: 0, seed: 1, max_tokens: ${maxTokens}, ignore_eos: true }`,
        "cases: [{ id: sea, prompt: The sea }, { id: sky, prompt: The sky }]",
        "",
      ].join("\n"),
    );
  }
  const env = () => ({ ...host.env, PATH: command.path, INFERENCE_GATE_STATE: join(folder, "state") });
  const sweep = () => createContainerRuntime(runtime, { folder: () => join(folder, "state") }).sweep();
  const left = () => leftOnMachine(host, runtime).filter((line) => !line.endsWith(others[1]));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "gate-kill-"));
    command = await faultyCommand(runtime, join(folder, "bin"));
    const living = labelsOf({
      launch: "00000000-0000-4000-8000-000000000000",
      owner: ownIdentity(),
      place: ownPlace(),
      job: ownJob(process.env),
    });
    const labels = Object.entries(living).flatMap(([label, value]) => ["--label", `${label}=${value}`]);
    const image = `${host.imageName}@${host.imageDigest}`;
    for (const [name, own] of [
      [others[0], []],
      [others[1], labels],
    ] as const)
      host.run(runtime, "run", "--detach", "--network", "none", "--name", name, ...own, image, "sleep", "600");
  });
  afterEach(() => command.plant(null));
  afterAll(() => {
    const running = host
      .run(runtime, "ps", "--filter", `name=${others[0]}`, "--filter", `name=${others[1]}`, "--format", "{{.Names}}")
      .split("\n");
    for (const name of others) host.run(runtime, "rm", "--force", "--volumes", name);
    rmSync(folder, { recursive: true });
    expect(running.sort()).toEqual([...others].sort());
  });

  // Every step with docker; with podman, which runs the same code, those after which something is there.
  test.each(killPoints[runtime])("killed at %s", async (fault) => {
    const place = gate.place();
    suiteIn(place, serverInside, 4);
    command.plant(fault);
    const { code } = await place.run(["record"], env());
    command.plant(null);
    expect(code).toBeNull();
    await command.settled();
    await sweep();
    expect(left()).toEqual([]);
    expect(await sweep()).toEqual([]);
  });

  test.each([
    ["starting", deaf, "Starting llama-cpp"],
    ["replaying", serverInside, "Warming up"],
  ] as const)("killed while %s", async (_, engineCommand, sign) => {
    const place = gate.place();
    suiteIn(place, engineCommand, 400);
    const running = place.start(["record"], env());
    await told(running, sign);
    running.child.kill("SIGKILL");
    await running.ended;
    await command.settled();
    await sweep();
    expect(left()).toEqual([]);
  });

  test.each([
    ["starting an engine that is deaf to SIGTERM", deaf, "Starting llama-cpp"],
    ["replaying", serverInside, "Warming up"],
  ] as const)(
    "cancelled as the runner does it while %s, it removes everything itself",
    async (_, engineCommand, sign) => {
      const place = gate.place();
      suiteIn(place, engineCommand, 400);
      const running = place.start(["record"], env());
      await told(running, sign);
      // There is nothing to remove before that.
      while (!left().some((line) => line.startsWith("container"))) await new Promise(setImmediate);
      const { signals } = await endLikeRunner(running.child);
      expect(left()).toEqual([]);
      expect(signals).toEqual(["SIGINT"]);
      expect((await running.ended).code).toBe(130);
    },
  );

  test("cancelled while the engine of containers hangs, it ends in time, and the next sweep removes the rest", async () => {
    const place = gate.place();
    suiteIn(place, serverInside, 400);
    const running = place.start(["record"], env());
    await told(running, "Warming up");
    command.plant("hang");
    const { signals } = await endLikeRunner(running.child);
    command.plant(null);
    expect(signals).not.toContain("SIGKILL");
    await sweep();
    expect(left()).toEqual([]);
  });
});
