/** A launch as the container engine sees it, which may stand elsewhere than this process: on the host of our container, or beside our pod. */
import type { Volume } from "../../model/container-spec.ts";
import { pathsForEngine } from "../place/path-for-engine.ts";
import { placeFacts } from "../place/place-facts.ts";
import { type PlaceOfEngine, placeOfEngine } from "../place/place-of-engine.ts";
import { runnerPlace } from "../place/runner-place.ts";
import { askLimitMs, type ContainerClient } from "./container-client.ts";
import type { ContainerLaunch } from "./create-arguments.ts";

/** Throws GateError where no container can be started, with the way out. */
export async function placeFor(client: ContainerClient): Promise<PlaceOfEngine> {
  // podman has no engine beside it: its containers are made by the command itself, wherever that runs.
  if (client.runtime === "podman") return { files: { kind: "all" }, ownContainer: null };
  return placeOfEngine(runnerPlace(await placeFacts(process.env)), client.runtime, async (id) => {
    const words = ["container", "inspect", "--format", "{{json .Mounts}}", id];
    const { code, stdout, stderr } = await client.call(words, askLimitMs);
    return code === 0 ? { json: stdout } : { failure: stderr.trim() };
  });
}

/** Throws GateError for paths that the engine cannot see. */
export function asEngineSees(launch: ContainerLaunch, { files, ownContainer }: PlaceOfEngine): ContainerLaunch {
  const { mounts, spec } = launch;
  const paths = pathsForEngine(
    [...mounts, ...spec.volumes].map(({ source }) => source),
    files,
  );
  const seen = (volume: Volume): Volume => ({ ...volume, source: paths.get(volume.source) ?? volume.source });
  return { ...launch, ownContainer, mounts: mounts.map(seen), spec: { ...spec, volumes: spec.volumes.map(seen) } };
}
