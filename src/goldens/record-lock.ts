/** Keeps two recordings of one suite apart: tickets with rising numbers, of which the highest holds, for as long as its process lives. */
import { join } from "node:path";
import { z } from "zod";
import { recordRunning } from "../messages/recording.ts";
import { GateError } from "../model/problem.ts";
import { systemClock } from "../platform/clock.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Files } from "../platform/files.ts";
import { isAlive, ownIdentity, processIdentity } from "../platform/process-identity.ts";
import { codeOf } from "../platform/thrown.ts";
import { prepareStateFolder, stateFolderOf } from "./state-folder.ts";
import { writeFailure } from "./write-failure.ts";

/**
 * Runs `work` while no other process records the suite, and gives the lock back in every path. The lock of a process that has
 * ended is taken over at once. Throws GateError when a living process holds it, and what `work` throws.
 */
export async function withRecordLock<T>(suiteFolder: string, files: Files, work: () => Promise<T>): Promise<T> {
  const ticket = await ticketFor(suiteFolder, files);
  try {
    return await work();
  } finally {
    await files.remove(join(ticket, ownerFile));
  }
}

async function ticketFor(suiteFolder: string, files: Files): Promise<string> {
  try {
    await prepareStateFolder(suiteFolder, files);
    return await takeTicket(suiteFolder, files);
  } catch (error) {
    throw error instanceof GateError ? error : writeFailure(error, suiteFolder);
  }
}

// A ticket is a folder, since a folder with its contents can be put in place in one step that fails when the number is taken. The
// highest ticket is never removed, only its owner, so the highest number never falls and a stale view of it cannot be acted on.
const ownerFile = "owner.json";
const numberFile = "ticket";
/** Old tickets that are kept: one that is taken while another process lists the folder must not hide the highest from it. */
const keptTickets = 16;

const ownerSchema = z.strictObject({
  pid: z.int().positive(),
  startedTicks: z.number(),
  bootId: z.string(),
  since: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

async function takeTicket(suiteFolder: string, files: Files): Promise<string> {
  const folder = join(stateFolderOf(suiteFolder), "record-lock");
  for (;;) {
    const highest = Math.max(0, ...(await ticketNumbers(folder, files)));
    const owner = await livingOwner(join(folder, String(highest)), files);
    if (owner !== null) {
      throw new GateError([recordRunning({ folder: displayPath(suiteFolder), pid: owner.pid, since: owner.since })]);
    }
    const mine = highest + 1;
    if (!(await put(join(folder, String(mine)), folder, files))) continue;
    const numbers = await ticketNumbers(folder, files);
    if (Math.max(...numbers) === mine) {
      await tidy(folder, numbers, mine, files);
      return join(folder, String(mine));
    }
    // Somebody was faster with a higher number while this one looked at an old one.
    await files.remove(join(folder, String(mine), ownerFile));
  }
}

async function ticketNumbers(folder: string, files: Files): Promise<readonly number[]> {
  return (await files.list(folder)).filter((name) => /^[1-9][0-9]{0,14}$/.test(name)).map(Number);
}

/** Null when the ticket was given back, or its process has ended. */
async function livingOwner(ticket: string, files: Files): Promise<Owner | null> {
  const text = await files.readText(join(ticket, ownerFile));
  if (text === null) return null;
  const parsed = ownerSchema.safeParse(jsonOrNull(text));
  return parsed.success && isAlive(parsed.data) ? parsed.data : null;
}

let asked = 0;

/** False when the number was taken by another process. */
async function put(ticket: string, folder: string, files: Files): Promise<boolean> {
  asked += 1;
  const prepared = join(folder, `asking-${process.pid}-${asked}`);
  const owner: Owner = { ...ownIdentity(), since: new Date(systemClock.now()).toISOString() };
  try {
    await files.writeAtomic(join(prepared, numberFile), "\n");
    await files.writeAtomic(join(prepared, ownerFile), `${JSON.stringify(owner)}\n`);
    await files.move(prepared, ticket);
    return true;
  } catch (error) {
    await files.remove(prepared);
    if (["ENOTEMPTY", "EEXIST"].includes(codeOf(error) ?? "")) return false;
    throw error;
  }
}

/** Removes old tickets, and what processes have left that died while asking; a living one is about to move its folder. */
async function tidy(folder: string, numbers: readonly number[], mine: number, files: Files): Promise<void> {
  for (const number of numbers.filter((one) => one <= mine - keptTickets)) {
    await files.remove(join(folder, String(number)));
  }
  for (const name of await files.list(folder)) {
    const pid = /^asking-([0-9]+)-/.exec(name)?.[1];
    if (pid !== undefined && processIdentity(Number(pid)) === null) await files.remove(join(folder, name));
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
