/** A suite's folder with an old recording in it, and what a new one would make of it, as plain texts. */
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GoldenFile, NewRecording } from "../../src/goldens/recording.ts";

export type Tree = { readonly [path: string]: string };

/** One case stays, one changes, one goes, one is renamed in upper and lower case. */
export const oldTree: Tree = {
  "goldens/cpu-t2/kept.json": "kept",
  "goldens/cpu-t2/changed.json": "old",
  "goldens/cpu-t2/gone.json": "gone",
  "goldens/cpu-t2/Renamed.json": "old name",
  "suite.lock.yml": "old lock",
};

export const newTree: Tree = {
  "goldens/cpu-t2/kept.json": "kept",
  "goldens/cpu-t2/changed.json": "new",
  "goldens/cpu-t2/renamed.json": "new name",
  "goldens/cpu-t4/first.json": "first",
  "suite.lock.yml": "new lock",
};

export async function oldSuite(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "recording-"));
  for (const [path, text] of Object.entries(oldTree)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

export function newRecording(suiteFolder: string): NewRecording & { readonly goldens: readonly GoldenFile[] } {
  const written = ["goldens/cpu-t2/changed.json", "goldens/cpu-t2/renamed.json", "goldens/cpu-t4/first.json"];
  return {
    suiteFolder,
    lockPath: join(suiteFolder, "suite.lock.yml"),
    lockText: () => newTree["suite.lock.yml"] ?? "",
    goldens: written.map((path) => ({ path: join(suiteFolder, path), text: newTree[path] ?? "" })),
    removed: ["goldens/cpu-t2/gone.json", "goldens/cpu-t2/Renamed.json"].map((path) => join(suiteFolder, path)),
  };
}

/** Every file below the folder but those of the state folder. */
export async function treeOf(folder: string): Promise<Tree> {
  return filesBelow(folder, (path) => !path.startsWith(".inference-gate"));
}

/** Files of the state folder that a recording has left. */
export async function leftoversOf(folder: string): Promise<readonly string[]> {
  const left = await filesBelow(folder, (path) => path.startsWith(".inference-gate"));
  return Object.keys(left).filter((path) => path !== ".inference-gate/.gitignore" && !path.includes("/record-lock/"));
}

async function filesBelow(folder: string, isWanted: (path: string) => boolean): Promise<Tree> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const tree: Record<string, string> = {};
  for (const entry of entries) {
    const full = join(entry.parentPath ?? entry.path, entry.name);
    const path = full.slice(folder.length + 1);
    if (entry.isFile() && isWanted(path)) tree[path] = await readFile(full, "utf8");
  }
  return Object.fromEntries(Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1)));
}
