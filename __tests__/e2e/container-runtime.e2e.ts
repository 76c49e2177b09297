/** Docker and podman keep what every runtime promises, on a real engine of each. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import type { LaunchPlan } from "../../src/model/launch-plan.ts";
import { containerRuntimeNames } from "../../src/model/suite.ts";
import { createContainerRuntime } from "../../src/runtimes/container/container-runtime.ts";
import { type Behaviour, describeOwningRuntime, describeRuntime } from "../contracts/runtime-contract.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { program } from "../fixtures/programs.ts";
import { type ContainerHost, containerHost } from "./container-host.ts";
import { containerSpec } from "./container-spec.ts";

let host: ContainerHost;
beforeAll(async () => {
  host = await containerHost();
  Object.assign(process.env, host.env);
});
afterAll(() => host.stop());

for (const name of containerRuntimeNames) {
  const fixture = async () => {
    const folder = await mkdtemp(join(tmpdir(), "gate-container-"));
    const marker = randomUUID();
    return {
      runtime: createContainerRuntime(name, { folder: () => join(folder, "state") }),
      container: containerSpec(host),
      upMs: 6000,
      // The image has no Node: the test's own is mounted like any other file of the host.
      plan: async (...behaviours: readonly Behaviour[]): Promise<LaunchPlan> => ({
        argv: [
          { hostPath: process.execPath },
          { hostPath: program("http-engine.mjs") },
          { slot: "host" },
          { slot: "port" },
          marker,
          ...behaviours,
        ],
        env: {},
        workingDirectory: folder,
        transport: "http",
        readiness: [{ kind: "http", path: "/health", status: 200 }],
        startupTimeoutMs: 60_000,
        stopTimeoutMs: 1000,
        hints: ["a hint of the plan"],
        attachedUrl: null,
      }),
      leftovers: () => markedProcesses(marker),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  };
  describeRuntime(name, fixture);
  describeOwningRuntime(name, fixture);
}
