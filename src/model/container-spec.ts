/** What a suite says of the container in which its engine runs. */
import type { ImageReference } from "./image-reference.ts";

export type GpuRequest =
  | { readonly kind: "none" }
  | { readonly kind: "all" }
  | { readonly kind: "count"; readonly count: number }
  /** Indexes, UUIDs, or MIG devices as `GPU:slice` or `MIG-…`. */
  | { readonly kind: "devices"; readonly ids: readonly string[] };

export interface Volume {
  /** Absolute path on the host. */
  readonly source: string;
  /** Absolute path inside. */
  readonly target: string;
  readonly access: "read-only" | "read-write";
}

/** Sizes as docker and podman take them, such as `16g`. Null: what docker or podman does by itself. */
export interface ContainerSpec {
  readonly image: ImageReference;
  readonly gpus: GpuRequest;
  readonly shmSize: string | null;
  readonly ipc: "host" | "private" | "shareable" | "none" | null;
  readonly volumes: readonly Volume[];
  /** Names of our own variables that are passed on; their values are never written down. */
  readonly env: readonly string[];
  /** `none-out`: no route to anywhere. `allow`: an ordinary network. */
  readonly network: "none-out" | "allow";
  /** Capabilities given back after all were dropped. */
  readonly capabilities: readonly string[];
  readonly privileges: "no-new" | "as-image";
  readonly root: "read-only" | "writable";
  /** Absolute paths inside that are writable and vanish with the container. */
  readonly tmpfs: readonly string[];
  readonly memory: string | null;
  readonly cpus: number | null;
  readonly pidsLimit: number | null;
  /** `host`: the user that runs the gate. */
  readonly user: string | null;
  /** Such as `linux/amd64`. */
  readonly platform: string | null;
  readonly pullTimeoutMs: number;
}
