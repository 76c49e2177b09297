import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { placeFacts } from "../../../src/runtimes/place/place-facts.ts";
import { type PlaceFacts, type RunnerPlace, runnerPlace } from "../../../src/runtimes/place/runner-place.ts";

const recorded = readFileSync("__tests__/fixtures/places/container-job.mountinfo", "utf8");
const containerId = "e7b61ecd56350d1d4911a4556e8c1e3d4285a7990288e8fe58d1a24a5e79fe3d";
const rootMount = "75 50 0:39 / / rw,relatime master:3 - overlay overlay rw\n";
const emptyDir = (point: string) =>
  `${rootMount}92 75 254:0 /var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/x ${point} rw - ext4 /dev/vda rw\n`;

const machine: PlaceFacts = {
  env: { GITHUB_ACTIONS: "true", RUNNER_WORKSPACE: "/home/runner/_work/app" },
  cgroup: "0::/init.scope\n",
  socket: "/var/run/docker.sock",
  mountinfo: rootMount,
};
/** Of actions-runner-controller's chart gha-runner-scale-set 0.14.2, containerMode.type=dind. */
const dindPod: PlaceFacts = {
  ...machine,
  env: { ...machine.env, DOCKER_HOST: "unix:///var/run/docker.sock", KUBERNETES_SERVICE_HOST: "10.96.0.1" },
  cgroup: "0::/\n",
  mountinfo: emptyDir("/run"),
};
/** The same chart, containerMode.type=kubernetes: the runner's own pod, and the pod of a job that the hooks start. */
const kubernetesRunner: PlaceFacts = {
  ...machine,
  env: {
    ...machine.env,
    KUBERNETES_SERVICE_HOST: "10.96.0.1",
    ACTIONS_RUNNER_CONTAINER_HOOKS: "/home/runner/k8s/index.js",
    ACTIONS_RUNNER_POD_NAME: "gpu-x7k2p-runner-abcde",
    ACTIONS_RUNNER_REQUIRE_JOB_CONTAINER: "true",
  },
  cgroup: "0::/\n",
  socket: null,
};
const kubernetesJob: PlaceFacts = {
  ...kubernetesRunner,
  env: { GITHUB_ACTIONS: "true", KUBERNETES_SERVICE_HOST: "10.96.0.1", RUNNER_WORKSPACE: "/__w/app" },
};
const containerJob: PlaceFacts = {
  env: { GITHUB_ACTIONS: "true", CI: "true", HOME: "/github/home", RUNNER_WORKSPACE: "/__w/app" },
  cgroup: "0::/\n",
  socket: "/var/run/docker.sock",
  mountinfo: recorded,
};

const table: readonly (readonly [string, PlaceFacts, RunnerPlace])[] = [
  ["a machine with docker", machine, { kind: "host" }],
  ["a machine whose docker is not running", { ...machine, socket: null }, { kind: "host" }],
  [
    "a machine with rootless docker",
    { ...machine, socket: "/run/user/1000/docker.sock", env: { DOCKER_HOST: "unix:///run/user/1000/docker.sock" } },
    { kind: "host" },
  ],
  [
    "a machine that reaches its docker over the network",
    { ...machine, env: { DOCKER_HOST: "tcp://127.0.0.1:2375" } },
    { kind: "host" },
  ],
  ["a container job, as recorded", containerJob, { kind: "container-job", containerId }],
  [
    "a container job whose container shows its cgroup",
    { ...containerJob, cgroup: `0::/docker/${containerId}\n` },
    { kind: "container-job", containerId },
  ],
  [
    "a container job that was given the folder of the socket",
    { ...containerJob, mountinfo: recorded.replace("/run/docker.sock /run/docker.sock", "/run /var/run") },
    { kind: "container-job", containerId },
  ],
  [
    "a container without a socket",
    { ...containerJob, socket: null },
    { kind: "sealed", seen: "/etc/resolv.conf is given by a container engine" },
  ],
  [
    "a container with an engine of its own",
    { ...containerJob, mountinfo: recorded.replace(/^.*docker\.sock.*\n/m, "") },
    { kind: "host" },
  ],
  ["a pod with dind beside it", dindPod, { kind: "dind", workFolder: "/home/runner/_work" }],
  [
    "a pod with dind over the network, as older controllers made it",
    { ...dindPod, socket: null, mountinfo: rootMount, env: { ...dindPod.env, DOCKER_HOST: "tcp://localhost:2376" } },
    { kind: "dind", workFolder: "/home/runner/_work" },
  ],
  [
    "a pod with dind, and no runner that says where it works",
    { ...dindPod, env: { KUBERNETES_SERVICE_HOST: "10.96.0.1" } },
    { kind: "dind", workFolder: null },
  ],
  ["a pod with docker in the runner's own container", { ...dindPod, mountinfo: rootMount }, { kind: "host" }],
  [
    "the runner's pod in Kubernetes mode",
    kubernetesRunner,
    { kind: "kubernetes", seen: "ACTIONS_RUNNER_CONTAINER_HOOKS=/home/runner/k8s/index.js" },
  ],
  ["a job's pod in Kubernetes mode", kubernetesJob, { kind: "kubernetes", seen: "KUBERNETES_SERVICE_HOST=10.96.0.1" }],
  [
    "an engine on another machine",
    { ...machine, env: { DOCKER_HOST: "ssh://me@gpu-box" } },
    { kind: "remote", address: "ssh://gpu-box" },
  ],
  [
    "an engine that is a service of the job",
    { ...containerJob, env: { ...containerJob.env, DOCKER_HOST: "tcp://docker:2375" } },
    { kind: "remote", address: "tcp://docker:2375" },
  ],
];

describe("runnerPlace", () => {
  test.each(table)("%s", (_, facts, place) => {
    expect(runnerPlace(facts)).toEqual(place);
  });
});

test("placeFacts reads this machine and finds the socket that DOCKER_HOST names", async () => {
  const facts = await placeFacts({ DOCKER_HOST: "unix:///proc/self/mountinfo" });
  expect(facts.socket).toBe("/proc/self/mountinfo");
  expect(facts.mountinfo).toContain(" / / ");
  expect((await placeFacts({ DOCKER_HOST: "unix:///nowhere/docker.sock" })).socket).toBeNull();
});
