/** Removes containers and networks that a dead gate has left: only those whose labels say so, and only when their owner is gone. */
import { z } from "zod";
import { GateError } from "../../model/problem.ts";
import { isAlive, ownIdentity } from "../../platform/process-identity.ts";
import { ownPlace } from "../launch-records.ts";
import { askLimitMs, type ContainerClient } from "./container-client.ts";
import { isSameJob, type Job, type LabelledLaunch, launchLabel, readLabels } from "./launch-labels.ts";
import { removeLaunch } from "./remove-launch.ts";

const found = z.object({ name: z.string(), labels: z.unknown() });

/** What was removed, one phrase a launch; nothing where there is no engine to ask. */
export async function sweepContainers(client: ContainerClient, job: Job): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const name of await leftovers(client, job)) {
    try {
      await removeLaunch(client, name);
      swept.push(`container ${name} of ${client.runtime}, left by an inference-gate that was killed`);
    } catch (error) {
      if (!(error instanceof GateError)) throw error;
      swept.push(error.message);
    }
  }
  return swept;
}

/** Names of launches whose owner is dead; container and network of a launch have the same name. */
async function leftovers(client: ContainerClient, job: Job): Promise<readonly string[]> {
  try {
    const names = new Set<string>();
    for (const kind of ["container", "network"] as const) {
      for (const { name, labels } of await labelled(client, kind)) {
        const launch = readLabels(labels);
        if (launch !== null && isLeft(launch, job)) names.add(name);
      }
    }
    return [...names];
  } catch (error) {
    // No engine, or one that hangs: a start that needs it will say so.
    if (error instanceof GateError) return [];
    throw error;
  }
}

async function labelled(client: ContainerClient, kind: "container" | "network") {
  const filter = ["--filter", `label=${launchLabel}`];
  const list =
    kind === "container" ? ["container", "ls", "--all", "--quiet", ...filter] : ["network", "ls", "--quiet", ...filter];
  const listed = await client.call(list, askLimitMs);
  const ids = listed.stdout.split(/\s+/).filter((id) => id !== "");
  if (ids.length === 0) return [];
  const labels = kind === "container" ? ".Config.Labels" : ".Labels";
  const format = `{"name":{{json .Name}},"labels":{{json ${labels}}}}`;
  // One that has gone meanwhile makes the exit code 1; the others are printed all the same.
  const shown = await client.call([kind, "inspect", "--format", format, ...ids], askLimitMs);
  return shown.stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => found.parse(JSON.parse(line)))
    .map(({ name, labels: told }) => ({ name: name.replace(/^\//, ""), labels: told }));
}

/** Exported for its table: whether the gate that owns it can no longer be alive. */
export function isLeft({ owner, place, job }: LabelledLaunch, ownJob: Job): boolean {
  const here = ownPlace();
  if (place.host === here.host && owner.bootId !== ownIdentity().bootId) return true;
  if (place.host === here.host && place.pidNamespace === here.pidNamespace) return !isAlive(owner);
  // Its owner cannot be seen from here; but a runner does one job at a time, and an earlier step of this one has ended.
  return isSameJob(job, ownJob);
}
