/** What goes wrong with the engine's container: with docker or podman themselves, and while it is created, run and removed. */
import { homeAdvice } from "./home-advice.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";
import { type ShownLog, wholeLog } from "./whole-log.ts";

const seconds = (ms: number) => `${ms / 1000} s`;
const lastLines = (text: string) =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-10);

export const containerCommandMissing = message<{ tool: string }>(
  {
    code: "runtimes/container-command-missing",
    verdict: "error",
    explanation:
      "The suite runs the engine in a container, and the command that starts containers is not on the PATH of this user. The PATH of a " +
      "service or of a self-hosted runner is often shorter than the one of your shell.",
    example: { tool: "docker" },
  },
  ({ tool }) => ({
    title: `The command ${tool} was not found on this machine.`,
    found: `no ${tool} on PATH`,
    expected: `${tool}, which runtime ${tool} needs`,
    help: [
      tool === "docker"
        ? "Install it: https://docs.docker.com/engine/install/"
        : "Install it: https://podman.io/docs/installation",
      "If it is installed, add its folder to the PATH of the runner's service.",
    ],
  }),
);

export const containerEngineDown = message<{ tool: string; output: string }>(
  {
    code: "runtimes/container-engine-down",
    verdict: "error",
    explanation:
      "The docker command is there, but the Docker engine (dockerd) that does the work does not answer: it is not running, or DOCKER_HOST " +
      "or the docker context points to another place.",
    example: {
      tool: "docker",
      output: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    },
  },
  ({ tool, output }) => ({
    title: `The ${tool} command is there, but its engine does not answer.`,
    found: lastLines(output).at(-1) ?? "no answer",
    expected: `a running engine that \`${tool} info\` can reach`,
    help: [
      tool === "docker"
        ? "Start it: sudo systemctl start docker"
        : "Run `podman info` by hand and mend what it complains about.",
      "Look where the command asks: docker context ls; echo $DOCKER_HOST",
      "In a container job, the engine's socket must be mounted into the job's container; otherwise use runtime: attached.",
    ],
    evidence: lastLines(output),
  }),
);

export const containerNoPermission = message<{ tool: string; user: string; output: string }>(
  {
    code: "runtimes/container-no-permission",
    verdict: "error",
    explanation:
      "The Docker engine's socket may only be used by root and by the group docker. Membership of that group is as good as being root on " +
      "the machine; give it to the runner's user only on a machine that is the runner's own.",
    example: {
      tool: "docker",
      user: "runner",
      output: "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
    },
  },
  ({ tool, user, output }) => ({
    title: `The user ${quoted(user)} may not use ${tool}.`,
    found: lastLines(output).at(-1) ?? "permission denied",
    expected: `a user that may run \`${tool} info\``,
    help: [
      `Add the user to the group, then restart the runner's service: sudo usermod -aG docker ${user}`,
      "Or use podman, which needs no such group: runtime: podman",
    ],
    evidence: lastLines(output),
  }),
);

export const containerNoAnswer = message<{ command: string; limitMs: number }>(
  {
    code: "runtimes/container-no-answer",
    verdict: "error",
    explanation:
      "A call of docker or podman did not end within its time limit and was given up. An engine that hangs usually waits for a disk, " +
      "a network plug-in or a container that cannot be ended. What the call may still bring about is removed by the next start.",
    example: { command: "docker container create", limitMs: 60_000 },
  },
  ({ command, limitMs }) => ({
    title: `${command} gave no answer within ${seconds(limitMs)}.`,
    found: "no answer",
    expected: "an answer within seconds",
    help: [
      "Try by hand: docker info (or podman info). If that hangs too, look at the engine's log: journalctl -u docker",
      "Restart the engine when nothing else needs it: sudo systemctl restart docker",
    ],
  }),
);

export const containerAddressUnreachable = message<{ tool: string; why: string }>(
  {
    code: "runtimes/container-address-unreachable",
    verdict: "error",
    explanation:
      "By default the engine's container has no way out: it is on an internal network, and the gate talks to the container's own address. A " +
      "rootless engine, Docker Desktop, an engine on another machine and podman with CNI networks keep that address to themselves. Engines " +
      "that speak over stdin and stdout need no address and work there.",
    example: { tool: "podman", why: "podman runs without root" },
  },
  ({ tool, why }) => ({
    title: "The gate could not reach the engine's container without a way out for it.",
    found: why,
    expected: `${tool} as a service of root on this machine`,
    help: [
      "Allow the container an ordinary network and a port on 127.0.0.1: container: { network: allow }; the environment will say so.",
      "Or use an engine that speaks over stdin and stdout, or a runner with rootful docker or podman.",
      'podman that was installed without netavark stays with CNI: install netavark and set network_backend = "netavark" under [network] in containers.conf.',
    ],
  }),
);

export const containerVariableMissing = message<{ names: readonly string[] }>(
  {
    code: "runtimes/container-variable-missing",
    verdict: "error",
    explanation:
      "`container.env` lists variables of the gate's environment that the engine needs, and one of them is not set here. An engine without it " +
      "might behave differently in silence, such as taking another model than the gated one.",
    example: { names: ["HF_TOKEN"] },
  },
  ({ names }) => ({
    title: `${names.join(", ")} ${names.length === 1 ? "is" : "are"} not set, and container.env passes ${names.length === 1 ? "it" : "them"} on.`,
    found: "no such variable",
    expected: "a variable of the gate's environment",
    help: ["Set it in the workflow step (`env:`), or remove it from container.env."],
  }),
);

export const containerRefused = message<{ tool: string; step: string; output: string; hints: readonly string[] }>(
  {
    code: "runtimes/container-refused",
    verdict: "error",
    explanation:
      "docker or podman refused to make or start the container. Their own words are shown. Nothing of it is left.",
    example: {
      tool: "docker",
      step: "create the container",
      output: "Error response from daemon: Minimum memory limit allowed is 6MB.",
      hints: [],
    },
  },
  ({ tool, step, output, hints }) => ({
    title: `${tool} refused to ${step}.`,
    found: lastLines(output).at(-1) ?? "no reason given",
    expected: "a container as the suite describes it under `container`",
    help: [...refusalAdvice(output), ...hints],
    evidence: lastLines(output),
  }),
);

function refusalAdvice(output: string): readonly string[] {
  if (/catatonit|docker-init|container-init/.test(output))
    return [
      "Install the first process that containers are given: apt-get install catatonit (podman) or tini (docker).",
    ];
  if (/no space left/i.test(output)) return ["The disk is full: see `docker system df`, and free space."];
  if (/address pools|subnet/i.test(output))
    return ["All address ranges for networks are taken: remove unused ones (docker network prune)."];
  if (/unknown capability|invalid CapAdd/i.test(output)) return ["Correct container.cap_add in the suite."];
  if (/no matching entries in passwd|unable to find user/i.test(output))
    return ['The image does not know container.user; give the number, such as "1000:1000".'];
  return ["Correct what is complained about, most likely a setting under `container` in the suite."];
}

export const imageLacksProgram = message<{ program: string; image: string; output: string; hints: readonly string[] }>(
  {
    code: "runtimes/image-lacks-program",
    verdict: "error",
    explanation:
      "The image was started with the engine's command, and inside it there is no such program, or it may not be executed there. A name without " +
      "a slash is looked up on the image's PATH; an image whose own entry point has the same name as the engine's program is started through that.",
    example: {
      program: "llama-server",
      image: "registry.example/team/base@sha256:1a2b…",
      output: 'exec: "llama-server": executable file not found in $PATH',
      hints: [],
    },
  },
  ({ program, image, output, hints }) => ({
    title: `The image cannot run ${quoted(program)}.`,
    found: lastLines(output).at(-1) ?? "no such program",
    expected: `an executable ${quoted(program)} in ${image}`,
    help: [
      ...homeAdvice(program),
      "Give the program's path inside the image in engine.command, such as [/app/llama-server].",
      "See what the image brings: docker run --rm --entrypoint sh <image> -c 'ls -l /app; echo $PATH'",
      ...hints,
    ],
    evidence: lastLines(output),
  }),
);

export const outOfMemory = message<ShownLog & { limit: string | null; command: string; hints: readonly string[] }>(
  {
    code: "runtimes/out-of-memory",
    verdict: "error",
    explanation:
      "The kernel ended the engine because its container wanted more memory than it may have (`container.memory`), or more than the " +
      "machine has. This is the memory of the machine, not that of the GPU.",
    example: {
      limit: "8g",
      command: "llama-server --model /gate/0/model.gguf --port <port>",
      hints: [],
      logTail: ["load_tensors: loading model tensors"],
      logFile: "/home/me/.local/state/inference-gate/logs/7d2f.log",
    },
  },
  ({ limit, command, hints, logTail, logFile }) => ({
    title: `The engine ran out of memory${limit === null ? "" : ` (container.memory is ${limit})`} and was ended by the kernel.`,
    found: `out of memory in ${command}`,
    expected: "an engine that fits into the memory it is given",
    help: [
      limit === null
        ? "Give the machine more memory, or end what else uses it."
        : "Raise container.memory in the suite.",
      "Or use a smaller model, a smaller context, or a smaller quantisation.",
      ...hints,
      ...wholeLog(logFile),
    ],
    evidence: logTail,
  }),
);

export const containerLeft = message<{ tool: string; name: string; reason: string }>(
  {
    code: "runtimes/container-left",
    verdict: "error",
    explanation:
      "The engine's container or its network could not be removed. The next start on this machine tries again, since both carry labels that " +
      "say whose they are; until then the container may hold a GPU.",
    example: { tool: "docker", name: "inference-gate-7d2f", reason: "no answer within 10 s" },
  },
  ({ tool, name, reason }) => ({
    title: `The container ${name} could not be removed.`,
    found: reason,
    expected: "no container and no network of this launch left",
    help: [
      `Remove it by hand: ${tool} rm -f -v ${name}; ${tool} network rm ${name}`,
      `See what is left: ${tool} ps -a --filter label=inference-gate.launch`,
    ],
  }),
);

export const runtimesContainerMessages = [
  containerCommandMissing,
  containerEngineDown,
  containerNoPermission,
  containerNoAnswer,
  containerAddressUnreachable,
  containerVariableMissing,
  containerRefused,
  imageLacksProgram,
  outOfMemory,
  containerLeft,
];
