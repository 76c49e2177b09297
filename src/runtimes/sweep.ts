/** Ends what a gate that was killed has left: only processes of launches that it wrote down, and only when it is dead. */
import { launchRecordUnreadable } from "../messages/runtimes.ts";
import { systemClock } from "../platform/clock.ts";
import { nodeFiles } from "../platform/files.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "../platform/process-identity.ts";
import { endLaunch, launchMembers } from "./launch-members.ts";
import { type LaunchRecord, type LaunchRecords, ownPlace } from "./launch-records.ts";

const politeMs = 2000;
const keptLogs = 20;
/** After this a record of another machine that shares the folder is taken for forgotten. */
const forgottenMs = 30 * 24 * 3600 * 1000;

/** What was stopped or removed, one phrase each. Two sweeps at once are harmless: each ends the same processes. */
export async function sweepLaunches(records: LaunchRecords): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const entry of await records.readAll()) {
    if (entry.kind === "unreadable") {
      await nodeFiles.remove(entry.file);
      swept.push(launchRecordUnreadable({ file: entry.file, reason: entry.reason }).title);
      continue;
    }
    const { record, modifiedMs } = entry;
    const fate = fateOf(record, systemClock.now() - modifiedMs);
    if (fate === "keep") continue;
    const launch = { id: record.launch, leader: record.leader, group: record.group };
    const members = fate === "end" ? launchMembers(launch) : [];
    const left = members.length === 0 ? [] : await endLaunch(launch, politeMs);
    if (left.length === 0) await records.remove(record.launch);
    const ended = members.filter(({ pid }) => !left.some((other) => other.pid === pid));
    if (ended.length > 0) swept.push(`${record.program} (${named(ended)}), left by an inference-gate that was killed`);
    if (left.length > 0) swept.push(`${record.program} in part only: ${named(left)} survived SIGKILL`);
  }
  await records.pruneLogs(keptLogs);
  return swept;
}

const named = (members: readonly ProcessIdentity[]) =>
  `${members.length === 1 ? "process" : "processes"} ${members.map(({ pid }) => pid).join(", ")}`;

function fateOf({ owner, place }: LaunchRecord, ageMs: number): "keep" | "end" | "forget" {
  const here = ownPlace();
  if (place.host !== here.host) return ageMs > forgottenMs ? "forget" : "keep";
  // After a reboot nothing of it can be left.
  if (owner.bootId !== ownIdentity().bootId) return "forget";
  if (place.pidNamespace !== here.pidNamespace) return ageMs > forgottenMs ? "forget" : "keep";
  return isAlive(owner) ? "keep" : "end";
}
