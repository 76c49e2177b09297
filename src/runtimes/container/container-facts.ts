/** What the runtime knows of an engine in a container. Pure. */
import type { Fact } from "../../model/fingerprint.ts";
import { imageWord } from "../../model/image-reference.ts";
import { maskedCommand } from "../masked-command.ts";
import type { ContainerLaunch } from "./create-arguments.ts";
import type { InspectedImage } from "./inspected.ts";

export interface ContainerTold {
  readonly runtime: string;
  /** Of docker or podman. */
  readonly version: string;
  readonly launch: ContainerLaunch;
  readonly launchId: string;
  readonly image: InspectedImage;
  readonly logFile: string | null;
}

/** Keys under `launch.` differ with every launch; keys under `runtime.` do not. Sorted by key. */
export function containerFacts({ runtime, version, launch, launchId, image, logFile }: ContainerTold): readonly Fact[] {
  const source = `runtime ${runtime}`;
  const { spec, name } = launch;
  return [
    // Proved when the container was made.
    { key: "image.digest", value: spec.image.digest, source: `${runtime} container inspect` },
    { key: "image.platform", value: `${image.Os}/${image.Architecture}`, source: `${runtime} image inspect` },
    { key: "launch.container", value: name, source },
    { key: "launch.id", value: launchId, source },
    { key: "launch.log", value: logFile, source },
    { key: "runtime.command", value: insideCommand(launch), source },
    { key: "runtime.image", value: imageWord(spec.image), source },
    { key: "runtime.name", value: runtime, source },
    { key: "runtime.network", value: spec.network, source },
    { key: "runtime.version", value: version, source: `${runtime} info` },
  ];
}

/** The command line inside for people: secrets masked, and the port as in a plan. */
export function insideCommand({ words, port }: Pick<ContainerLaunch, "words" | "port">): string {
  return maskedCommand(words.map((word) => word.replace(String(port), "<port>")));
}
