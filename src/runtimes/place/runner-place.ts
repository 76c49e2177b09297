/** Decides where this process and the container engine stand to each other, from facts alone. Pure. */

import { type Mount, mountsIn, mountUnder } from "./mountinfo.ts";

/** What was seen of this process's surroundings. */
export interface PlaceFacts {
  /** Variables of this process. */
  readonly env: { readonly [name: string]: string | undefined };
  /** `/proc/1/cgroup`; empty when it cannot be read. */
  readonly cgroup: string;
  /** Path of the engine's socket, the one that DOCKER_HOST names, else docker's usual one; null when nothing is there. */
  readonly socket: string | null;
  /** `/proc/self/mountinfo`; empty when it cannot be read. */
  readonly mountinfo: string;
}

export type RunnerPlace =
  /** Paths and networks of this process are those of the engine. */
  | { readonly kind: "host" }
  /** A container with the host's docker.sock: paths must be translated, and this container must join the engine's network. */
  | { readonly kind: "container-job"; readonly containerId: string | null }
  /** A pod whose engine runs in a container beside: the same network, and no files in common but the runner's work folder. */
  | { readonly kind: "dind"; readonly workFolder: string | null }
  /** A pod without a container engine. */
  | { readonly kind: "kubernetes"; readonly seen: string }
  /** A container without a container engine. */
  | { readonly kind: "sealed"; readonly seen: string }
  /** The engine is on another machine. */
  | { readonly kind: "remote"; readonly address: string };

/** For docker; podman has no engine beside it, so it stands where this process stands. */
export function runnerPlace(facts: PlaceFacts): RunnerPlace {
  const { env } = facts;
  const address = env.DOCKER_HOST ?? "";
  const isOverNetwork = address !== "" && !address.startsWith("unix://");
  if (isOverNetwork && !isThisMachine(address)) return { kind: "remote", address: withoutUser(address) };
  if (!isOverNetwork && facts.socket === null) return withoutEngine(facts);
  const mounts = mountsIn(facts.mountinfo);
  const socketMount = facts.socket === null ? null : mountUnder(facts.socket, mounts);
  if (isPod(facts)) {
    // An engine of the same container has its socket on that container's own file system.
    const isBeside = isOverNetwork || socketMount !== null;
    return isBeside ? { kind: "dind", workFolder: workFolderOf(env) } : { kind: "host" };
  }
  return containerSign(facts) !== null && isGivenIn(facts.socket, socketMount)
    ? { kind: "container-job", containerId: ownContainerId(mounts) }
    : { kind: "host" };
}

function withoutEngine(facts: PlaceFacts): RunnerPlace {
  const { ACTIONS_RUNNER_CONTAINER_HOOKS: hooks, KUBERNETES_SERVICE_HOST: cluster } = facts.env;
  if (isSet(hooks)) return { kind: "kubernetes", seen: `ACTIONS_RUNNER_CONTAINER_HOOKS=${hooks}` };
  if (isSet(cluster)) return { kind: "kubernetes", seen: `KUBERNETES_SERVICE_HOST=${cluster}` };
  const seen = containerSign(facts);
  return seen === null ? { kind: "host" } : { kind: "sealed", seen };
}

const isPod = ({ env }: PlaceFacts) => isSet(env.KUBERNETES_SERVICE_HOST);

/** The runner's work folder is the parent of each repository's workspace, `<work>/<repository>`. */
function workFolderOf({ RUNNER_WORKSPACE: workspace }: PlaceFacts["env"]): string | null {
  const parent = workspace?.replace(/\/+$/, "").replace(/\/[^/]+$/, "");
  return parent === undefined || parent === "" || !parent.startsWith("/") ? null : parent;
}

const containerCgroup = /(?:^|[/:-])(?:docker|libpod|containerd|cri-containerd|kubepods)(?:[/.-]|$)/m;

/** Why this is a container. The file `/.dockerenv` is no proof: a virtual machine that was made from an image has it as well. */
function containerSign({ cgroup, mountinfo }: PlaceFacts): string | null {
  if (containerCgroup.test(cgroup)) return "/proc/1/cgroup is that of a container";
  const own = ownFile(mountsIn(mountinfo));
  return own === undefined ? null : `${own.point} is given by a container engine`;
}

/** An engine mounts its own files for a container's name and addresses into it. */
const ownFile = (mounts: readonly Mount[]) =>
  mounts.find(
    ({ root, point }) =>
      /^\/etc\/(?:hostname|hosts|resolv\.conf)$/.test(point) && /containers\/[0-9a-f]{64}\//.test(root),
  );

/** The runner mounts the socket alone; somebody else may mount its folder. An engine of this container may have put it on a tmpfs. */
function isGivenIn(socket: string | null, mount: Mount | null): boolean {
  if (socket === null || mount === null) return false;
  return mount.point.endsWith(".sock") || mount.type !== "tmpfs";
}

/** Part of the path of those files, whatever the container is called. */
const ownContainerId = (mounts: readonly Mount[]) =>
  /containers\/([0-9a-f]{64})\//.exec(ownFile(mounts)?.root ?? "")?.[1] ?? null;

const isSet = (value: string | undefined) => value !== undefined && value !== "";

function isThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address.replace(/^tcp:/, "http:"));
  return protocol === "http:" && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** `ssh://user@host` names somebody's account. */
const withoutUser = (address: string) => address.replace(/\/\/[^@/]*@/, "//");
