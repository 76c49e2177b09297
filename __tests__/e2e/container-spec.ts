/** What a suite without any setting of its own says of the container. */
import type { ContainerSpec } from "../../src/model/container-spec.ts";
import type { ContainerStart } from "../../src/runtimes/runtime.ts";
import type { ContainerHost } from "./container-host.ts";

export function containerSpec(
  { imageName, imageDigest }: Pick<ContainerHost, "imageName" | "imageDigest">,
  changed: Partial<ContainerSpec> = {},
): ContainerStart {
  return {
    spec: {
      image: { name: imageName, digest: imageDigest },
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
      pidsLimit: 8192,
      user: null,
      platform: null,
      pullTimeoutMs: 120_000,
      ...changed,
    },
    onProgress: () => {},
    gpuDriver: async () => ({ version: null, cuda: null }),
  };
}
