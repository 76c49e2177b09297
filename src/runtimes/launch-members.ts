/** Every process of one launch, found by the launch id in its environment, by descent and by group; and the end of all of them. */
import { systemClock } from "../platform/clock.ts";
import type { ProcessIdentity } from "../platform/process-identity.ts";
import { type ListedProcess, listProcesses, signalProcess, startedWith } from "../platform/processes.ts";
import { launchVariable } from "./launch-environment.ts";

export interface Launch {
  /** The value of INFERENCE_GATE_LAUNCH in everything it started. */
  readonly id: string;
  /** The process we started; null before that, and when it had ended before it could be looked at. */
  readonly leader: ProcessIdentity | null;
  /** Process group and session that we made for it; null before the start. */
  readonly group: number | null;
}

/** How long to wait after SIGKILL before the kernel is taken to hold a process. */
export const certainEndMs = 10_000;

/**
 * Living processes of the launch, ourselves excluded. The environment alone would miss a program that rewrites it to change its
 * title (vLLM does), the group alone one that made a session of its own: each of these leads to the others.
 */
export function launchMembers(launch: Launch, known: readonly ProcessIdentity[] = []): readonly ProcessIdentity[] {
  const entry = `${launchVariable}=${launch.id}`;
  const listed = listProcesses().filter(({ identity }) => identity.pid !== process.pid);
  const sure = [...known, ...(launch.leader === null ? [] : [launch.leader])];
  const members = new Map<number, ListedProcess>();
  for (const candidate of listed) {
    const { identity } = candidate;
    const isSure = sure.some((other) => other.pid === identity.pid && other.startedTicks === identity.startedTicks);
    if (isSure || startedWith(identity.pid, entry)) members.set(identity.pid, candidate);
  }
  const isInGroup = ({ processGroup, session }: ListedProcess) =>
    launch.group !== null && (processGroup === launch.group || session === launch.group);
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    // A group's number is not used again while one member lives, so one sure member vouches for the others.
    const groupIsOurs = [...members.values()].some(isInGroup);
    for (const candidate of listed) {
      if (members.has(candidate.parent) || (groupIsOurs && isInGroup(candidate)))
        members.set(candidate.identity.pid, candidate);
    }
  }
  return [...members.values()].map(({ identity }) => identity);
}

/** SIGTERM to all, SIGKILL to those left after `politeMs`; resolves with those that even that did not end, normally none. */
export async function endLaunch(launch: Launch, politeMs: number): Promise<readonly ProcessIdentity[]> {
  let left = launchMembers(launch);
  const steps = [
    { signal: "SIGTERM", limitMs: politeMs },
    { signal: "SIGKILL", limitMs: certainEndMs },
  ] as const;
  for (const { signal, limitMs } of steps) {
    const deadline = systemClock.now() + limitMs;
    for (const identity of left) signalProcess(identity, signal);
    for (let pauseMs = 4; left.length > 0 && systemClock.now() < deadline; pauseMs = Math.min(pauseMs * 2, 100)) {
      await systemClock.sleep(Math.min(pauseMs, Math.max(0, deadline - systemClock.now())));
      left = launchMembers(launch, left);
      // Only SIGKILL is repeated, for what was forked meanwhile: a second SIGTERM means "at once" to many servers.
      if (signal === "SIGKILL") for (const identity of left) signalProcess(identity, signal);
    }
  }
  return left;
}

/** SIGKILL to all, at once and synchronously; for a process that is itself about to end. */
export function killLaunchNow(launch: Launch): void {
  const deadline = systemClock.now() + 1000;
  let left = launchMembers(launch);
  while (left.length > 0 && systemClock.now() < deadline) {
    for (const identity of left) signalProcess(identity, "SIGKILL");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    left = launchMembers(launch, left);
  }
}
