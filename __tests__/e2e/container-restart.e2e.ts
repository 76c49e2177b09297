/** The Docker engine ends in the middle of a replay and comes back: the run is an error, and nothing of it is left. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createContainerRuntime } from "../../src/runtimes/container/container-runtime.ts";
import { type ContainerHost, containerHost, serverInside } from "./container-host.ts";
import { ownDockerd } from "./container-machine.ts";
import { buildGate, type Gate } from "./gate.ts";
import { leftOnMachine } from "./left-on-machine.ts";
import { realPartsForTests } from "./real-parts.ts";

let host: ContainerHost;
let gate: Gate;
let folder = "";
let stopEngine = async () => {};
beforeAll(async () => {
  gate = buildGate();
  host = await containerHost();
  folder = mkdtempSync(join(tmpdir(), "gate-dockerd-"));
  stopEngine = await ownDockerd(folder);
}, 600_000);
afterAll(async () => {
  await stopEngine();
  gate.remove();
  // What the engine has written belongs to root.
  host.run(...host.asRoot("rm", "-rf", folder));
  await host.stop();
});

test("an engine that is lost with its docker is an error, and the docker that comes back has nothing of it", async () => {
  const { modelPath } = await realPartsForTests();
  const place = gate.place();
  place.write(
    "inference-gate/suite.yml",
    [
      "version: 1",
      "runtime: docker",
      `image: ${host.imageName}@${host.imageDigest}`,
      "timeouts: { startup_s: 60, stop_s: 1 }",
      `engine: { name: llama-cpp, command: ${JSON.stringify(serverInside)}, args: { ctx-size: 2048, threads: 1 } }`,
      `model: { name: small, path: ${JSON.stringify(modelPath)} }`,
      "sampling: { temperature: 0, seed: 1, max_tokens: 1800, ignore_eos: true }",
      "cases: [{ id: sea, prompt: The sea }]",
      "",
    ].join("\n"),
  );
  const env = { ...host.env, DOCKER_HOST: `unix://${folder}/docker.sock`, INFERENCE_GATE_STATE: join(folder, "state") };
  const running = place.start(["record"], env);
  let log = "";
  const isReplayed = new Promise<void>((resolve) => {
    running.child.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("Warming up")) resolve();
    });
  });
  await Promise.race([isReplayed, running.ended]);
  // This docker had to fetch the image first, and said so.
  expect(log).toContain(`Waiting for the image ${host.imageName}@`);
  await stopEngine();
  stopEngine = await ownDockerd(folder);
  const { code, out } = await running.ended;
  expect(code).toBe(3);
  expect(out).toMatch(/ERROR/);
  Object.assign(process.env, env);
  await createContainerRuntime("docker", { folder: () => env.INFERENCE_GATE_STATE }).sweep();
  expect(leftOnMachine(host, "docker")).toEqual([]);
  delete process.env.DOCKER_HOST;
});
