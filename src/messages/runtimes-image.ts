/** What goes wrong with the engine's image and with what it needs of the GPU. */
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

interface Pull {
  readonly tool: string;
  /** `name@sha256:…`. */
  readonly image: string;
  /** What docker or podman said; hostile text. */
  readonly output: readonly string[];
}

const pull: Pull = {
  tool: "docker",
  image: "registry.example/team/vllm@sha256:1a2b",
  output: ["Error response from daemon: manifest for registry.example/team/vllm@sha256:1a2b not found"],
};
const reasonIn = (output: readonly string[]) => output.at(-1) ?? "no reason given";
const registryOf = (image: string) => {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
};

export const imageNotFound = message<Pull>(
  {
    code: "runtimes/image-not-found",
    verdict: "error",
    explanation:
      "The registry does not have the image of this name and digest. Registries remove images that no tag points to any more, and a digest of " +
      "one repository is unknown in another. Some registries say `denied` for what does not exist.",
    example: pull,
  },
  ({ image, output }) => ({
    title: `The registry has no image ${quoted(image)}.`,
    found: reasonIn(output),
    expected: "an image of exactly this name and digest",
    help: [
      "Check the name, and that the digest is of this repository: docker buildx imagetools inspect <name>:<tag>",
      "If a clean-up of the registry removed it, keep a tag on images that goldens were recorded with, push it again, or record anew with another image.",
    ],
    evidence: output,
  }),
);

export const imageUnauthorised = message<Pull>(
  {
    code: "runtimes/image-unauthorised",
    verdict: "error",
    explanation:
      "The registry wants to know who asks, or this account may not read the image. The gate never logs in anywhere: that is left to the " +
      "workflow, so that the credential stays where the workflow's secrets are.",
    example: { ...pull, output: ["Error response from daemon: unauthorized: authentication required"] },
  },
  ({ tool, image, output }) => ({
    title: `The registry does not let this runner read ${quoted(image)}.`,
    found: reasonIn(output),
    expected: "a registry that hands out the image",
    help: [
      `Log in before the gate, in a step of the workflow: uses: docker/login-action with registry: ${registryOf(image)}`,
      `Or by hand: echo "$TOKEN" | ${tool} login ${registryOf(image)} --username <user> --password-stdin`,
      "If it should be public, check the name for typing mistakes: many registries answer like this for images that do not exist.",
    ],
    evidence: output,
  }),
);

export const imageWrongPlatform = message<Pull & { wanted: string }>(
  {
    code: "runtimes/image-wrong-platform",
    verdict: "error",
    explanation:
      "The image was built for another processor or system than this machine, or than `container.platform` asks for. The digest of one platform of " +
      "an image for several means that platform only; the digest of the whole index means all of them.",
    example: {
      ...pull,
      wanted: "linux/amd64",
      output: ["image operating system or architecture linux/arm64 does not match linux/amd64"],
    },
  },
  ({ image, wanted, output }) => ({
    title: `The image ${quoted(image)} is not for ${wanted}.`,
    found: reasonIn(output),
    expected: `an image for ${wanted}`,
    help: [
      "See for which platforms it exists: docker buildx imagetools inspect <name>:<tag>",
      "Lock the digest of the index, or that of the right platform.",
    ],
    evidence: output,
  }),
);

export const imageNoSpace = message<Pull & { folder: string | null }>(
  {
    code: "runtimes/image-no-space",
    verdict: "error",
    explanation:
      "The disk on which docker or podman keeps images became full while the image was unpacked. Inference images take 10 to 30 GB.",
    example: { ...pull, folder: "/var/lib/docker", output: ["write /layer.tar: no space left on device"] },
  },
  ({ tool, image, folder, output }) => ({
    title: `There is no space for the image ${quoted(image)}.`,
    found: reasonIn(output),
    expected: `free space${folder === null ? "" : ` in ${folder}`}`,
    help: [
      `See what takes it: df -h ${folder ?? "/"}; ${tool} system df`,
      `Remove images that no container uses: ${tool} image prune --all`,
    ],
    evidence: output,
  }),
);

export const registryUnreachable = message<Pull>(
  {
    code: "runtimes/registry-unreachable",
    verdict: "error",
    explanation:
      "The registry could not be asked: its name is unknown, nothing answers there, a proxy stands in between, or its certificate is not trusted.",
    example: {
      ...pull,
      output: ["dial tcp: lookup registry.example on 127.0.0.53:53: no such host"],
    },
  },
  ({ image, output }) => ({
    title: `The registry of ${quoted(image)} cannot be reached.`,
    found: reasonIn(output),
    expected: `an answer from ${registryOf(image)}`,
    help: [
      `Try by hand: curl -I https://${registryOf(image)}/v2/`,
      "On a runner without a way out, pull the image beforehand: an image that is there with this digest is not asked for again.",
    ],
    evidence: output,
  }),
);

export const imagePullFailed = message<Pull & { why: string }>(
  {
    code: "runtimes/image-pull-failed",
    verdict: "error",
    explanation: "The image could not be fetched. The words of docker or podman are shown.",
    example: { ...pull, why: "exit code 1", output: ["Error response from daemon: toomanyrequests: rate limit"] },
  },
  ({ tool, image, why, output }) => ({
    title: `The image ${quoted(image)} could not be fetched: ${why}.`,
    found: reasonIn(output),
    expected: "the image on this machine",
    help: [
      `Try by hand: ${tool} pull ${image}`,
      "A slow network needs more time: container.pull_timeout_s. A rate limit needs a login or a mirror.",
    ],
    evidence: output,
  }),
);

export const imageNotProved = message<{ image: string; found: string }>(
  {
    code: "runtimes/image-not-proved",
    verdict: "error",
    explanation:
      "After the container was made, its image was looked at, and it is not the locked one. The goldens belong to the locked image, so nothing " +
      "is replayed.",
    example: { image: pull.image, found: "sha256:9c8d" },
  },
  ({ image, found }) => ({
    title: "The container does not run the locked image.",
    found,
    expected: image,
    help: [
      "Remove the image from this machine, so that it is fetched again: docker image rm <image>",
      "If it happens again, please report it with the versions of docker or podman.",
    ],
  }),
);

export const noGpuSupport = message<{ tool: string; output: readonly string[] }>(
  {
    code: "runtimes/no-gpu-support",
    verdict: "error",
    explanation:
      "The suite wants GPUs in the container, and docker or podman do not know how to hand out NVIDIA's: the NVIDIA Container Toolkit is not " +
      "installed or not configured. Without it the engine would see no GPU, whatever the driver says.",
    example: { tool: "docker", output: ['could not select device driver "" with capabilities: [[gpu]]'] },
  },
  ({ tool, output }) => ({
    title: `${tool} cannot give GPUs to a container on this machine.`,
    found: output.at(-1) ?? "neither an nvidia runtime nor a CDI description of the GPUs",
    expected: "the NVIDIA Container Toolkit, configured",
    help: [
      "Install nvidia-container-toolkit: https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html",
      tool === "docker"
        ? "Configure it: sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker"
        : "Configure it: sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml",
      "If the engine shall run on the CPU, remove container.gpus.",
    ],
    evidence: output,
  }),
);

export const driverTooOld = message<{ source: string; wanted: string; driver: string | null; cuda: string | null }>(
  {
    code: "runtimes/driver-too-old",
    verdict: "error",
    explanation:
      "The image was built for a newer CUDA than the GPU driver of this machine supports; its engine would fail at its first use of the GPU. " +
      "What an image needs stands in its variables NVIDIA_REQUIRE_CUDA and CUDA_VERSION.",
    example: {
      source: "NVIDIA_REQUIRE_CUDA=cuda>=12.8",
      wanted: "a driver with CUDA 12.8 or newer",
      driver: "535.161.08",
      cuda: "12.2",
    },
  },
  ({ source, wanted, driver, cuda }) => ({
    title: "The GPU driver is too old for the image.",
    found: `driver ${driver ?? "of unknown version"} with CUDA ${cuda ?? "of unknown version"}`,
    expected: `${wanted} (the image says ${quoted(source)})`,
    help: [
      "Upgrade the driver of the machine and reboot it, or lock an image that was built for an older CUDA.",
      'If the image brings CUDA\'s compatibility package for this driver, say so: engine: { env: { NVIDIA_DISABLE_REQUIRE: "true" } }',
    ],
  }),
);

export const runtimesImageMessages = [
  imageNotFound,
  imageUnauthorised,
  imageWrongPlatform,
  imageNoSpace,
  registryUnreachable,
  imagePullFailed,
  imageNotProved,
  noGpuSupport,
  driverTooOld,
];
