/** Record and check with real vLLM and transformers inside a locked image that contains them, without a network. */
import { afterAll, beforeAll } from "@jest/globals";
import { type ContainerMachine, containerMachine } from "./container-machine.ts";
import { leftOnMachine } from "./left-on-machine.ts";
import {
  describePlantedChanges,
  type EnginePlace,
  patienceMs,
  transformersSubject,
  vllmServerSubject,
  vllmSubject,
} from "./planted-changes.ts";
import { realVllmForTests } from "./real-vllm.ts";
import { type VllmImages, vllmImages } from "./vllm-image.ts";

let machine: ContainerMachine;
let images: VllmImages;
beforeAll(async () => {
  machine = await containerMachine();
  Object.assign(process.env, machine.env);
  images = await vllmImages(machine, await realVllmForTests());
}, patienceMs);
afterAll(() => machine.stop());

/** The tag is the same all the time; the image that it names was built again. */
const insideImage = async (): Promise<EnginePlace> => {
  const words = (digest: string) => ({
    runtime: ["runtime: docker", `image: ${images.name}:v1@${digest}`],
    command: ["python3"],
  });
  return {
    words: words(images.digest),
    moved: async () => ({ words: words(images.movedDigest), back: () => {} }),
    toldOfMoved: ["image.digest", "package.jinja2", `image "${images.digest}" → "${images.movedDigest}"`],
    facts: { "image.digest": images.digest, "runtime.network": "none-out", "package.jinja2": images.jinja2.from },
    left: () => leftOnMachine(machine, "docker"),
  };
};

for (const subject of [vllmSubject, vllmServerSubject, transformersSubject])
  describePlantedChanges(subject, insideImage);
