/** Whether the cache holds a model at one commit, whole as far as can be told without the network. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isCommit, isHubName, repositoryFolder, snapshotFolder } from "./cache-layout.ts";

export type CachedSnapshot =
  | { readonly kind: "found"; readonly folder: string }
  /** `others`: commits of the same model that are there. */
  | { readonly kind: "absent"; readonly others: readonly string[] }
  /** Names relative to the folder. */
  | { readonly kind: "incomplete"; readonly folder: string; readonly missing: readonly string[] };

const weights = /\.(?:safetensors|bin|pt|pth|gguf)$/;
const indexFile = /\.(?:safetensors|bin)\.index\.json$/;
const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/** A file is missing when its link leads nowhere, or when an index of shards names it and it is not there; of a model, when there are no weights. */
export async function cachedSnapshot(
  cacheFolder: string,
  name: string,
  revision: string,
  expected: "a model" | "any files" = "a model",
): Promise<CachedSnapshot> {
  const folder = snapshotFolder(cacheFolder, name, revision);
  const names = isHubName(name) && isCommit(revision) ? await namesBelow(folder, "") : null;
  if (names === null || names.length === 0)
    return { kind: "absent", others: await commitsOf(cacheFolder, name, revision) };
  const named = await Promise.all(names.filter((one) => indexFile.test(one)).map((one) => shardsOf(folder, one)));
  const missing: string[] = [];
  for (const one of new Set([...names, ...named.flat()])) if (!(await isThere(join(folder, one)))) missing.push(one);
  if (expected === "a model" && missing.length === 0 && !names.some((one) => weights.test(one)))
    missing.push("any file of weights");
  return missing.length === 0 ? { kind: "found", folder } : { kind: "incomplete", folder, missing: missing.sort() };
}

/** The commit that a branch or tag had when it was last fetched by whatever fills the cache; null when it is not known. */
export async function commitOfRef(cacheFolder: string, name: string, ref: string): Promise<string | null> {
  if (!isHubName(name) || !/^[\w./-]{1,100}$/.test(ref) || ref.includes("..")) return null;
  const text = await readFile(join(repositoryFolder(cacheFolder, name), "refs", ref), "utf8").catch(() => "");
  return isCommit(text.trim()) ? text.trim() : null;
}

async function commitsOf(cacheFolder: string, name: string, wanted: string): Promise<readonly string[]> {
  if (!isHubName(name)) return [];
  const found = await readdir(join(repositoryFolder(cacheFolder, name), "snapshots")).catch((): string[] => []);
  return found.filter((one) => isCommit(one) && one !== wanted).sort();
}

/** Links included, whether they lead anywhere or not; null when there is no such folder. */
async function namesBelow(folder: string, prefix: string): Promise<string[] | null> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true }).catch(() => null);
  if (entries === null) return null;
  const names = await Promise.all(
    entries.map(async (entry) =>
      entry.isDirectory() ? ((await namesBelow(folder, `${prefix}${entry.name}/`)) ?? []) : [`${prefix}${entry.name}`],
    ),
  );
  return names.flat().sort();
}

async function shardsOf(folder: string, index: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, index), "utf8").catch(() => null);
  if (text === null) return [];
  try {
    const { weight_map } = indexSchema.parse(JSON.parse(text));
    const beside = index.slice(0, index.lastIndexOf("/") + 1);
    return [...new Set(Object.values(weight_map))].filter((one) => !one.includes("..")).map((one) => beside + one);
  } catch {
    return [];
  }
}

const isThere = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
