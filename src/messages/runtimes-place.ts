/** What is said where a job runs in a container, a pod or beside another machine's container engine, and the suite asks for containers. */
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const attached =
  "Or start the engine beside the job (a service container, a sidecar, a deployment) and name its address: runtime: attached";

export const kubernetesWithoutEngine = message<{ tool: string; seen: string }>(
  {
    code: "runtimes/kubernetes-without-engine",
    verdict: "error",
    explanation:
      "The job runs in a pod of Kubernetes, and no container engine is there: Actions Runner Controller in its Kubernetes mode starts " +
      "containers as pods by itself and gives the job no docker. The engine then has to be started by the cluster, and the gate asks it.",
    example: { tool: "docker", seen: "ACTIONS_RUNNER_CONTAINER_HOOKS=/home/runner/k8s/index.js" },
  },
  ({ tool, seen }) => ({
    title: `This runner is a Kubernetes pod without ${tool}, so it cannot start the engine's container.`,
    found: seen,
    expected: `a container engine that the job can use`,
    help: [
      "Run the inference server as a deployment or a sidecar of the runner's pod with the GPU, and name its address: runtime: attached, engine.url: http://…",
      'Or use the controller\'s dind mode (containerMode.type: "dind"), with the GPU limit on the dind container.',
      "Or use a self-hosted runner that is a machine of its own.",
    ],
  }),
);

export const containerWithoutEngine = message<{ tool: string; seen: string }>(
  {
    code: "runtimes/container-without-engine",
    verdict: "error",
    explanation:
      "The gate itself runs in a container, and the socket of a container engine is not in it, so it can start no container beside " +
      "itself. The runner puts docker.sock into the container of a job by itself; other places have to.",
    example: { tool: "docker", seen: "/proc/1/cgroup is that of a container" },
  },
  ({ tool, seen }) => ({
    title: `This is a container without a container engine, so ${tool} cannot start the engine's.`,
    found: seen,
    expected: "the engine's socket, /var/run/docker.sock",
    help: [
      "Run the job without `container:`, on the runner itself.",
      "Or mount the socket into this container: -v /var/run/docker.sock:/var/run/docker.sock (whoever has it is root on the machine)",
      attached,
    ],
  }),
);

export const remoteEngine = message<{ address: string }>(
  {
    code: "runtimes/remote-engine",
    verdict: "error",
    explanation:
      "DOCKER_HOST points to a container engine on another machine. Model files are mounted from the machine of the engine, ports are opened " +
      "there, and the hardware that is measured here is not the one that would answer.",
    example: { address: "tcp://gpu-box:2376" },
  },
  ({ address }) => ({
    title: "DOCKER_HOST points to another machine, where this machine's files and measurements do not hold.",
    found: quoted(address),
    expected: "a container engine on this machine",
    help: ["Run the job on that machine, or unset DOCKER_HOST.", attached],
  }),
);

export const pathNotMounted = message<{ path: string; mounts: readonly string[] }>(
  {
    code: "runtimes/path-not-mounted",
    verdict: "error",
    explanation:
      "The job runs in a container and starts the engine's container beside it, on the host. A file can only be given to the engine when it " +
      "lies in a folder that the host shares with the job's container: its path on the host is then known.",
    example: { path: "/models/my-model.gguf", mounts: ["/__w", "/github/home"] },
  },
  ({ path, mounts }) => ({
    title: `The engine's container cannot see ${path}: it exists only in this job's container.`,
    found: quoted(path),
    expected: `a path below ${mounts.length === 0 ? "a folder that is mounted into the job's container" : mounts.join(", ")}`,
    help: [
      `Mount it from the host in the workflow: container: { volumes: ["/path/on/the/host:${folderOf(path)}:ro"] }`,
      "Or run the job without `container:`, on the runner itself.",
    ],
  }),
);

export const pathNotInWorkFolder = message<{ path: string; folder: string | null }>(
  {
    code: "runtimes/path-not-in-work-folder",
    verdict: "error",
    explanation:
      "The runner is a pod whose container engine runs in a container beside it (dind). The two share the runner's work folder and nothing " +
      "else: any other path would be mounted as an empty folder, and the engine would look for its model there.",
    example: { path: "/models/my-model.gguf", folder: "/home/runner/_work" },
  },
  ({ path, folder }) => ({
    title: `The engine's container cannot see ${path}: the dind container shares only the work folder.`,
    found: quoted(path),
    expected: folder === null ? "a path below the runner's work folder" : `a path below ${folder}`,
    help: [
      "Give the volume with the models to both containers of the pod, the runner and dind, below the work folder.",
      "Or download the model into the work folder in an earlier step.",
      attached,
    ],
  }),
);

export const ownContainerUnknown = message<{ tool: string; why: string }>(
  {
    code: "runtimes/own-container-unknown",
    verdict: "error",
    explanation:
      "The job runs in a container with the host's docker.sock. To give files to the engine's container, and to reach it, the gate must find " +
      "its own container among those of the engine, and could not.",
    example: { tool: "docker", why: "no such container" },
  },
  ({ tool, why }) => ({
    title: `${tool} does not know the container in which this job runs.`,
    found: quoted(why),
    expected: "the container of this job, with its mounts",
    help: [
      "Is the socket in this container that of the engine which started it? Mount that one.",
      "Or run the job without `container:`, on the runner itself.",
      attached,
    ],
  }),
);

const folderOf = (path: string) => path.replace(/\/[^/]*$/, "") || "/";

export const runtimesPlaceMessages = [
  kubernetesWithoutEngine,
  containerWithoutEngine,
  remoteEngine,
  pathNotMounted,
  pathNotInWorkFolder,
  ownContainerUnknown,
];
