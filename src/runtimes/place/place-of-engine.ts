/** What the place of this process means for a launch: which files the engine can see, and which of its containers is ours. */
import { z } from "zod";
import {
  containerWithoutEngine,
  kubernetesWithoutEngine,
  ownContainerUnknown,
  remoteEngine,
} from "../../messages/runtimes-place.ts";
import { GateError } from "../../model/problem.ts";
import type { FilesInCommon } from "./path-for-engine.ts";
import type { RunnerPlace } from "./runner-place.ts";

export interface PlaceOfEngine {
  readonly files: FilesInCommon;
  /** The container in which we run, which must join the engine's network to reach it; null when we are on the host or in its network. */
  readonly ownContainer: string | null;
}

/** Answer of `docker inspect --format '{{json .Mounts}}' <id>`: what it printed, or why there is none. */
export type InspectMounts = (containerId: string) => Promise<{ readonly json: string } | { readonly failure: string }>;

/** Throws GateError where containers cannot be started, with the way out. */
export async function placeOfEngine(
  place: RunnerPlace,
  tool: string,
  inspectMounts: InspectMounts,
): Promise<PlaceOfEngine> {
  switch (place.kind) {
    case "host":
      return { files: { kind: "all" }, ownContainer: null };
    case "dind":
      return { files: { kind: "work-folder", folder: place.workFolder }, ownContainer: null };
    case "container-job":
      return ownPlace(place.containerId, tool, inspectMounts);
    case "kubernetes":
      throw new GateError([kubernetesWithoutEngine({ tool, seen: place.seen })]);
    case "sealed":
      throw new GateError([containerWithoutEngine({ tool, seen: place.seen })]);
    case "remote":
      throw new GateError([remoteEngine({ address: place.address })]);
  }
}

const mountsSchema = z.array(z.looseObject({ Source: z.string(), Destination: z.string() }));

async function ownPlace(id: string | null, tool: string, inspectMounts: InspectMounts): Promise<PlaceOfEngine> {
  if (id === null) throw new GateError([ownContainerUnknown({ tool, why: "no id of a container in mountinfo" })]);
  const inspected = await inspectMounts(id);
  if ("failure" in inspected) throw new GateError([ownContainerUnknown({ tool, why: inspected.failure })]);
  const mounts = mountsSchema
    .parse(JSON.parse(inspected.json))
    .filter(({ Destination }) => !Destination.endsWith(".sock"));
  return {
    files: {
      kind: "mounts",
      mounts: mounts.map(({ Source, Destination }) => ({ inside: Destination, outside: Source })),
    },
    ownContainer: id,
  };
}
