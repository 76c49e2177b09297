/** The folder of the demo: made by it, marked by it, and nobody else's. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { demoFolderNotOurs } from "../messages/demo.ts";
import { GateError } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import { codeOf } from "../platform/thrown.ts";

const markerFile = ".inference-gate-demo";
const markerText = "`inference-gate demo` made this folder and writes what is in it. Remove it whenever you like.\n";

/** What a recording leaves, half-done ones included; not its lock, which belongs to a process. */
const recorded = ["goldens", "suite.lock.yml", ".inference-gate/journal.json", ".inference-gate/staging"];

/** Makes the folder, or takes one that an earlier demo made. Throws GateError, with nothing touched, for anything else that is there. */
export async function claimDemoFolder(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names === null || (names.length > 0 && !(await isMarked(folder)))) {
    throw new GateError([demoFolderNotOurs({ folder: displayPath(folder), names })]);
  }
  if (names.length > 0) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, markerFile), markerText, { flag: "wx" });
}

/** Forgets what was recorded in a claimed folder. */
export async function forgetGoldens(folder: string): Promise<void> {
  for (const name of recorded) await rm(join(folder, name), { recursive: true, force: true });
}

/** True when an earlier demo left goldens, a lock or a part of either. */
export async function hasGoldens(folder: string): Promise<boolean> {
  const left = await Promise.all(recorded.map((name) => namesIn(join(folder, name))));
  return left.some((names) => names === null || names.length > 0);
}

const isMarked = async (folder: string) =>
  (await readFile(join(folder, markerFile), "utf8").catch(() => null)) === markerText;

/** Empty when there is nothing; null when there is something that is no folder. */
async function namesIn(folder: string): Promise<readonly string[] | null> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    if (codeOf(error) === "ENOTDIR") return null;
    throw error;
  }
}
