/** Failed pulls as docker 20.10 and 28 and podman 4.3 told them of registries that were made to fail, and lost space as their sources say it. */
import { describe, expect, test } from "@jest/globals";
import { pullProblem } from "../../../src/runtimes/container/pull-failure.ts";
import { layerCounter } from "../../../src/runtimes/container/pull-image.ts";

const image = `registry.example/gate/llama@sha256:${"12".repeat(32)}`;
const digest = `sha256:${"12".repeat(32)}`;

describe("a failed pull", () => {
  test.each([
    [
      `Error response from daemon: manifest for ${image} not found: manifest unknown: manifest unknown`,
      "runtimes/image-not-found",
    ],
    [
      `Error: initializing source docker://${image}: reading manifest ${digest} in registry.example/gate/llama: manifest unknown: manifest unknown`,
      "runtimes/image-not-found",
    ],
    [
      "Error response from daemon: pull access denied for team/vllm, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      "runtimes/image-unauthorised",
    ],
    [
      `Error response from daemon: Get "http://registry.example/v2/gate/llama/manifests/${digest}": no basic auth credentials`,
      "runtimes/image-unauthorised",
    ],
    [
      `Error: initializing source docker://${image}: reading manifest ${digest} in registry.example/gate/llama: unauthorized: authentication required`,
      "runtimes/image-unauthorised",
    ],
    [
      'Error response from daemon: Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
      "runtimes/registry-unreachable",
    ],
    [
      'Error response from daemon: Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid on 127.0.0.53:53: no such host',
      "runtimes/registry-unreachable",
    ],
    [
      `Error: initializing source docker://${image}: pinging container registry registry.example: Get "https://registry.example/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      "runtimes/registry-unreachable",
    ],
    [
      "Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries",
      "runtimes/image-wrong-platform",
    ],
    [
      "failed to register layer: Error processing tar file(exit status 1): write /usr/lib/libtorch_cuda.so: no space left on device",
      "runtimes/image-no-space",
    ],
    [
      "Error response from daemon: toomanyrequests: You have reached your pull rate limit.",
      "runtimes/image-pull-failed",
    ],
  ])("%s", (line, code) => {
    const output = ["Trying to pull", line];
    const failed = { tool: "docker", image, output, platform: "linux/arm64", folder: "/var/lib/docker" } as const;
    expect(pullProblem({ ...failed, why: "exit code 1" })).toMatchObject({ code, found: line, evidence: output });
  });

  test("for want of a login names the registry to log in to", () => {
    const output = ["unauthorized: authentication required"];
    const failed = { tool: "podman", output, platform: "linux/amd64", folder: null, why: "exit code 125" } as const;
    expect(pullProblem({ ...failed, image }).help.join("\n")).toContain("login registry.example");
    expect(pullProblem({ ...failed, image: `team/vllm@${digest}` }).help.join("\n")).toContain("login docker.io");
  });
});

test("docker's layers are counted as they are complete, podman's as they begin", () => {
  const docker = layerCounter();
  const lines = [
    "3f4ca61aafcd: Pulling fs layer",
    "0a1b2c3d4e5f: Pulling fs layer",
    "3f4ca61aafcd: Download complete",
    "3f4ca61aafcd: Pull complete",
    "0a1b2c3d4e5f: Already exists",
    "Digest: sha256:12",
  ];
  expect(lines.map(docker)).toEqual([null, null, null, "1 of 2 layers", "2 of 2 layers", null]);
  const podman = layerCounter();
  expect(
    ["Getting image source signatures", "Copying blob sha256:44cb6606b80be47e", "Copying blob 44cb6606b80be47e"].map(
      podman,
    ),
  ).toEqual([null, "layer 1", null]);
});
