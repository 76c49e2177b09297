/** What can be wrong with `image` and `container` of a suite. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const at: SourceLocation = { file: "inference-gate/suite.yml", line: 2, column: 8 };

export const containerNeedsImage = message<{ location: SourceLocation; runtime: string }>(
  {
    code: "suite/container-needs-image",
    verdict: "usage",
    explanation:
      "A container runtime starts the engine from an image, so the suite must name one, locked by its digest.",
    example: { location: at, runtime: "docker" },
  },
  ({ location, runtime }) => ({
    title: `runtime ${runtime} needs image.`,
    location,
    found: `runtime ${runtime} without image`,
    expected: "an image locked by its digest, such as registry.example/team/vllm@sha256:…",
    help: ["Add the image at the top of the suite, or let the engine run without a container: runtime: process"],
  }),
);

export const imageNotLocked = message<{ location: SourceLocation; tagged: string; runtime: string }>(
  {
    code: "suite/image-not-locked",
    verdict: "usage",
    explanation:
      "A tag can mean another image tomorrow, and goldens would then be held against an engine that nobody chose. A digest always means " +
      "the same bytes. The digest of an image for several platforms is as good as that of one platform.",
    example: { location: at, tagged: "vllm/vllm-openai:v0.11.0", runtime: "docker" },
  },
  ({ location, tagged, runtime }) => ({
    title: `The image ${quoted(tagged)} is not locked: a digest is missing.`,
    location,
    found: quoted(tagged),
    expected: `${tagged.slice(0, 100)}@sha256:…`,
    help: [
      `Find the digest: ${runtime} pull ${tagged} && ${runtime} image inspect --format '{{index .RepoDigests 0}}' ${tagged}`,
      "Put what it prints under `image`.",
    ],
  }),
);

export const imageInvalid = message<{ location: SourceLocation; written: string; reason: string }>(
  {
    code: "suite/image-invalid",
    verdict: "usage",
    explanation:
      "The reference to an image is a name in lower case, perhaps with a registry before it, then `@`, then the digest: `sha256:` and 64 " +
      "lower-case hexadecimal digits.",
    example: {
      location: at,
      written: "registry.example/team/vllm@sha256:1a2b",
      reason: "what stands after `@` is not `sha256:` and 64 lower-case hexadecimal digits",
    },
  },
  ({ location, written, reason }) => ({
    title: `image cannot be ${quoted(written)}: ${reason}.`,
    location,
    found: quoted(written),
    expected: "such as registry.example/team/vllm@sha256:… with 64 hexadecimal digits",
    help: ["Copy the whole digest, as `docker image inspect --format '{{index .RepoDigests 0}}' <image>` prints it."],
  }),
);

export const shmWithoutEffect = message<{ location: SourceLocation; ipc: string }>(
  {
    code: "suite/shm-size-without-effect",
    verdict: "usage",
    explanation:
      "`container.shm_size` sets the size of the container's own /dev/shm. With `ipc: host` that of the machine is used, and with `ipc: none` " +
      "there is none, so the size would have no effect.",
    example: { location: at, ipc: "host" },
  },
  ({ location, ipc }) => ({
    title: `container.shm_size has no effect with ipc: ${ipc}.`,
    location,
    found: `shm_size with ipc: ${ipc}`,
    expected: "one of the two",
    help: [`Remove shm_size, or remove ipc: ${ipc}.`],
  }),
);

export const suiteContainerMessages = [containerNeedsImage, imageNotLocked, imageInvalid, shmWithoutEffect];
