import { describe, expect, test } from "@jest/globals";
import type { ContainerSpec } from "../../../src/model/container-spec.ts";
import type { ContainerRuntimeName } from "../../../src/model/suite.ts";
import {
  type ContainerLaunch,
  createArguments,
  networkArguments,
} from "../../../src/runtimes/container/create-arguments.ts";
import { sampleLaunch } from "./sample-launch.ts";

const image = `registry.example/team/vllm@sha256:${"ab".repeat(32)}`;
const tmpfs = ["/tmp", "/run", "/var/tmp"].flatMap((folder) => ["--tmpfs", `${folder}:rw,exec,nosuid,nodev,mode=1777`]);

test("by itself a container may nearly nothing", () => {
  expect(createArguments(sampleLaunch(), "docker")).toEqual([
    ...["--name", "inference-gate-1", "--label", "inference-gate.launch=1", "--init", "--pull", "never"],
    ...["--log-driver", "none", "--network", "inference-gate-1"],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only", ...tmpfs],
    ...["--shm-size", "8g", "--entrypoint", "llama-server", image, "--port", "8080"],
  ]);
});

test("podman is told the same in its own words", () => {
  expect(createArguments(sampleLaunch(), "podman")).toEqual([
    ...["--name", "inference-gate-1", "--label", "inference-gate.launch=1", "--init", "--pull", "never"],
    ...["--log-driver", "none", "--http-proxy=false", "--network", "inference-gate-1"],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--security-opt", "label=disable"],
    ...["--read-only", "--read-only-tmpfs=false", ...tmpfs],
    ...["--shm-size", "8g", "--entrypoint", "llama-server", image, "--port", "8080"],
  ]);
});

/** The words that a setting adds to, or takes from, those of a container without any. */
function difference(
  runtime: ContainerRuntimeName,
  spec: Partial<ContainerSpec>,
  changed: Partial<ContainerLaunch> = {},
): { readonly added: string; readonly gone: string } {
  const before = createArguments(sampleLaunch(), runtime);
  const after = createArguments(sampleLaunch(spec, changed), runtime);
  const without = (words: readonly string[], others: readonly string[]) => {
    const left = [...others];
    return words
      .filter((word) => {
        const at = left.indexOf(word);
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      })
      .join(" ");
  };
  return { added: without(after, before), gone: without(before, after) };
}

describe("each setting becomes words:", () => {
  const both = ["docker", "podman"] as const;
  const rows: readonly (readonly [string, Partial<ContainerSpec>, string, string?])[] = [
    ["shared memory", { shmSize: "16g" }, "16g", "8g"],
    ["the machine's shared memory", { ipc: "host" }, "--ipc host", "--shm-size 8g"],
    ["memory that others may join", { ipc: "shareable" }, "--ipc shareable"],
    ["memory, without swap", { memory: "8g" }, "--memory 8g --memory-swap 8g"],
    ["processors", { cpus: 1.5 }, "--cpus 1.5"],
    ["processes", { pidsLimit: 64 }, "--pids-limit 64"],
    ["a capability", { capabilities: ["SYS_NICE"] }, "--cap-add SYS_NICE"],
    ["a user", { user: "1000:1000" }, "--user 1000:1000"],
    ["the gate's user", { user: "host" }, "--user 1001:1001"],
    ["a platform", { platform: "linux/arm64" }, "--platform linux/arm64"],
    ["new privileges", { privileges: "as-image" }, "", "no-new-privileges"],
    ["a writable folder", { tmpfs: ["/home/engine"] }, "--tmpfs /home/engine:rw,exec,nosuid,nodev,mode=1777"],
    ["a variable of ours by its name alone", { env: ["HF_TOKEN"] }, "--env HF_TOKEN"],
    [
      "volumes",
      {
        volumes: [
          { source: "/models", target: "/m", access: "read-only" },
          { source: "/w", target: "/w", access: "read-write" },
        ],
      },
      "--mount type=bind,source=/models,target=/m,readonly --mount type=bind,source=/w,target=/w",
    ],
    [
      "a path that holds what a list is written with",
      { volumes: [{ source: '/a,b"c', target: "/m", access: "read-only" }] },
      '--mount type=bind,"source=/a,b""c",target=/m,readonly',
    ],
  ];
  for (const runtime of both) {
    test.each(rows)(`%s (${runtime})`, (_, spec, added, gone = "") => {
      const found = difference(runtime, spec);
      expect(found.added).toBe(added);
      expect(found.gone).toContain(gone);
    });
  }

  test("a writable root needs no temporary folders", () => {
    expect(difference("docker", { root: "writable" })).toEqual({
      added: "",
      gone: ["--read-only", ...tmpfs].join(" "),
    });
    expect(difference("podman", { root: "writable" }).gone).toContain("--read-only-tmpfs=false");
  });
});

describe("GPUs", () => {
  const rows: readonly (readonly [ContainerSpec["gpus"], string, string])[] = [
    [{ kind: "all" }, "--gpus all", "--device nvidia.com/gpu=all"],
    [{ kind: "count", count: 2 }, "--gpus 2", "--device nvidia.com/gpu=0 --device nvidia.com/gpu=1"],
    [{ kind: "devices", ids: ["1"] }, '--gpus "device=1"', "--device nvidia.com/gpu=1"],
    [
      { kind: "devices", ids: ["0", "GPU-1a"] },
      '--gpus "device=0,GPU-1a"',
      "--device nvidia.com/gpu=0 --device nvidia.com/gpu=GPU-1a",
    ],
    [{ kind: "devices", ids: ["0:1"] }, '--gpus "device=0:1"', "--device nvidia.com/gpu=0:1"],
    [{ kind: "devices", ids: ["MIG-1a"] }, '--gpus "device=MIG-1a"', "--device nvidia.com/gpu=MIG-1a"],
  ];
  test.each(rows)("%j", (gpus, flag, cdi) => {
    expect(difference("docker", { gpus }, { gpusBy: "flag" }).added).toBe(flag);
    expect(difference("docker", { gpus }, { gpusBy: "cdi" }).added).toBe(cdi);
    expect(difference("podman", { gpus }, { gpusBy: "cdi" }).added).toBe(cdi);
  });
});

describe("the network", () => {
  test("an engine that is asked over http gets one without a way out", () => {
    expect(networkArguments(sampleLaunch())).toEqual([
      ...["--internal", "--label", "inference-gate.launch=1", "inference-gate-1"],
    ]);
  });

  test("one that speaks over stdin and stdout gets none", () => {
    const launch = sampleLaunch({}, { transport: "stdio" });
    expect(networkArguments(launch)).toBeNull();
    expect(difference("docker", {}, { transport: "stdio" })).toEqual({
      added: "--interactive none",
      gone: "inference-gate-1",
    });
  });

  test("one that is allowed a network is asked through a port of 127.0.0.1", () => {
    expect(networkArguments(sampleLaunch({ network: "allow" }))).not.toContain("--internal");
    expect(difference("docker", { network: "allow" }).added).toBe("--publish 127.0.0.1::8080");
    const stdio = createArguments(sampleLaunch({ network: "allow" }, { transport: "stdio" }), "docker");
    expect(stdio).not.toContain("--publish");
  });
});

test("variables with fixed values are given as they are", () => {
  expect(difference("docker", {}, { env: { A: "b c" } }).added).toBe("--env A=b c");
});
