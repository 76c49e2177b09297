/** What is told when docker or podman cannot be used at all; by commands that say what docker 28 and podman 4.3 say then. */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { nodeCommandRunner } from "../../../src/platform/command-runner.ts";
import { containerClient } from "../../../src/runtimes/container/container-client.ts";
import { createContainerRuntime } from "../../../src/runtimes/container/container-runtime.ts";
import { ownJob } from "../../../src/runtimes/container/launch-labels.ts";
import { assertStartable, type EngineInfo, engineInfo } from "../../../src/runtimes/container/prerequisites.ts";
import { sweepContainers } from "../../../src/runtimes/container/sweep-containers.ts";
import { problemOf } from "../../contracts/runtime-contract.ts";
import { sampleSpec } from "./sample-launch.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gate-trouble-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A command that runs these lines of shell. */
async function commandOf(...lines: readonly string[]): Promise<string> {
  const path = join(folder, "docker");
  await writeFile(path, ["#!/bin/sh", ...lines, ""].join("\n"));
  await chmod(path, 0o755);
  return path;
}
const runtimeOf = (program: string) =>
  createContainerRuntime("docker", { folder: () => join(folder, "state"), program });

const down = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
const denied =
  "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix /var/run/docker.sock: connect: permission denied";

describe("a runtime is not available", () => {
  test.each([
    [
      "without an engine",
      [`echo '{"ServerVersion":"","ServerErrors":["${down}"]}'`, "exit 0"],
      "runtimes/container-engine-down",
      down,
    ],
    [
      "without an engine, as older commands say it",
      [`echo '${down}' >&2`, "exit 1"],
      "runtimes/container-engine-down",
      down,
    ],
    ["to a user without permission", [`echo '${denied}' >&2`, "exit 1"], "runtimes/container-no-permission", denied],
  ])("%s", async (_, lines, code, found) => {
    const availability = await runtimeOf(await commandOf(...lines)).available();
    expect(availability).toMatchObject({ available: false, problem: { code, found } });
  });

  test("without its command, and there is nothing to sweep", async () => {
    const runtime = runtimeOf(join(folder, "nothing"));
    expect(await runtime.available()).toMatchObject({ problem: { code: "runtimes/container-command-missing" } });
    expect(await runtime.sweep()).toEqual([]);
  });
});

test("a call that hangs is given up and named, and a sweep is not held up by it", async () => {
  const client = containerClient("docker", nodeCommandRunner, await commandOf("sleep 60"));
  expect(await problemOf(client.call(["container", "create", "--name", "x"], 50))).toMatchObject({
    code: "runtimes/container-no-answer",
    title: "docker container create gave no answer within 0.05 s.",
  });
  const impatient = { ...client, call: (args: readonly string[]) => client.call(args, 50) };
  expect(await sweepContainers(impatient, ownJob({}))).toEqual([]);
});

describe("what the engine tells of itself", () => {
  const infoOf = async (told: object, runtime: "docker" | "podman" = "docker") => {
    const program = await commandOf(`echo '${JSON.stringify(told)}'`);
    return engineInfo(containerClient(runtime, nodeCommandRunner, program));
  };

  test.each([
    ["a plain engine", { Runtimes: { runc: {} } }, null, null],
    ["one without root", { SecurityOptions: ["name=seccomp", "name=rootless"] }, "docker runs without root", null],
    ["Docker Desktop", { OperatingSystem: "Docker Desktop" }, expect.stringContaining("Desktop"), null],
    ["the NVIDIA runtime", { Runtimes: { nvidia: {}, runc: {} } }, null, "flag"],
    ["CDI devices", { DiscoveredDevices: [{ Source: "cdi", ID: "nvidia.com/gpu=0" }] }, null, "cdi"],
  ])("%s", async (_, told, unreachable, gpusBy) => {
    expect(await infoOf({ ServerVersion: "28.2.2", ...told })).toEqual({ version: "28.2.2", unreachable, gpusBy });
  });

  test.each([
    ["without root", { security: { rootless: true }, networkBackend: "netavark" }, "podman runs without root"],
    ["of another machine", { serviceIsRemote: true, networkBackend: "netavark" }, "podman runs on another machine"],
    ["with netavark", { networkBackend: "netavark" }, null],
    ["with CNI", { networkBackend: "cni" }, expect.stringContaining("CNI")],
    ["before version 4, which knows CNI only", {}, expect.stringContaining("CNI")],
  ])("podman %s", async (_, host, unreachable) => {
    const told = {
      host: { security: { rootless: false }, serviceIsRemote: false, ...host },
      version: { Version: "4.3.1" },
    };
    expect(await infoOf(told, "podman")).toMatchObject({ version: "4.3.1", unreachable });
  });
});

describe("before anything is pulled", () => {
  const info: EngineInfo = { version: "28.2.2", unreachable: null, gpusBy: null };
  const client = { runtime: "docker" } as const;
  const checked = async (
    ...[about, spec, transport]: [Partial<EngineInfo>, Partial<typeof sampleSpec>, "http" | "stdio"]
  ) => assertStartable(client, { ...info, ...about }, { ...sampleSpec, ...spec }, { transport });

  test("GPUs need somebody who hands them out", async () => {
    const gpus = { kind: "all" } as const;
    expect(await problemOf(checked({}, { gpus }, "http"))).toMatchObject({ code: "runtimes/no-gpu-support" });
    await checked({ gpusBy: "cdi" }, { gpus }, "http");
  });

  test("an address that cannot be reached is needed by http engines without a network only", async () => {
    const unreachable = "docker runs without root";
    expect(await problemOf(checked({ unreachable }, {}, "http"))).toMatchObject({
      code: "runtimes/container-address-unreachable",
      found: unreachable,
    });
    await checked({ unreachable }, {}, "stdio");
    await checked({ unreachable }, { network: "allow" }, "http");
  });

  test("variables to be passed on must be set", async () => {
    expect(await problemOf(checked({}, { env: ["PATH", "GATE_TEST_UNSET"] }, "http"))).toMatchObject({
      code: "runtimes/container-variable-missing",
      title: expect.stringContaining("GATE_TEST_UNSET is not set"),
    });
  });
});
