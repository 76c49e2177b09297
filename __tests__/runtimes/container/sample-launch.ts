/** A launch of a container with nothing but what a suite says by itself. */
import type { ContainerSpec } from "../../../src/model/container-spec.ts";
import { parseDigest } from "../../../src/model/digest.ts";
import type { ContainerLaunch } from "../../../src/runtimes/container/create-arguments.ts";

const digest = parseDigest(`sha256:${"ab".repeat(32)}`);
if (digest === null) throw new Error("no digest");

export const sampleSpec: ContainerSpec = {
  image: { name: "registry.example/team/vllm", digest },
  gpus: { kind: "none" },
  shmSize: null,
  ipc: null,
  volumes: [],
  env: [],
  network: "none-out",
  capabilities: [],
  privileges: "no-new",
  root: "read-only",
  tmpfs: [],
  memory: null,
  cpus: null,
  pidsLimit: null,
  user: null,
  platform: null,
  pullTimeoutMs: 60_000,
};

export function sampleLaunch(
  spec: Partial<ContainerSpec> = {},
  changed: Partial<ContainerLaunch> = {},
): ContainerLaunch {
  return {
    name: "inference-gate-1",
    labels: { "inference-gate.launch": "1" },
    spec: { ...sampleSpec, ...spec },
    words: ["llama-server", "--port", "8080"],
    mounts: [],
    env: {},
    transport: "http",
    port: 8080,
    gpusBy: "flag",
    ownContainer: null,
    ownUser: "1001:1001",
    ...changed,
  };
}
