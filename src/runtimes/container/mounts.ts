/** Paths of the host that a plan names: what is mounted for each, and what it is called inside. Pure. */
import { posix } from "node:path";
import type { Volume } from "../../model/container-spec.ts";
import type { LaunchPlan, LaunchWord } from "../../model/launch-plan.ts";

/** All addresses of the container; with `none-out` only the host reaches them. */
const insideHost = "0.0.0.0";
/** Folder inside under which paths of the host appear. */
const mountFolder = "/gate";

export interface InsideWords {
  readonly words: readonly [string, ...string[]];
  readonly mounts: readonly Volume[];
}

/** The plan's command line as it is inside, and what must be mounted for it, each path once. */
export function insideWords({ argv }: Pick<LaunchPlan, "argv">, port: number): InsideWords {
  const mounts = new Map<string, Volume>();
  const inside = (path: string): string => {
    const { root, below } = mountRoot(path);
    const found = mounts.get(root);
    const target = found?.target ?? `${mountFolder}/${mounts.size}/${plainName(root)}`;
    if (found === undefined) mounts.set(root, { source: root, target, access: "read-only" });
    return below === "" ? target : `${target}/${below}`;
  };
  const fill = (word: LaunchWord): string => {
    if (typeof word === "string") return word;
    const value = "hostPath" in word ? inside(word.hostPath) : word.slot === "port" ? String(port) : insideHost;
    return `${word.prefix ?? ""}${value}`;
  };
  const [first, ...rest] = argv;
  return { words: [fill(first), ...rest.map(fill)], mounts: [...mounts.values()] };
}

/** What has to be there together with a path: a file of a Hugging Face snapshot is a link into its model's folder, a part of a split file needs the others. */
export function mountRoot(path: string): { readonly root: string; readonly below: string } {
  const snapshot = /^(.*\/models--[^/]+)\/(snapshots\/[^/]+(?:\/.+)?)$/.exec(path);
  if (snapshot !== null) return { root: snapshot[1] ?? path, below: snapshot[2] ?? "" };
  const isPart = /-\d{5}-of-\d{5}\.[a-z]+$/.test(path);
  return isPart ? { root: posix.dirname(path), below: posix.basename(path) } : { root: path, below: "" };
}

/** The last part of the path, which engines may read an ending from, without characters that a mount option would stumble on. */
function plainName(path: string): string {
  return posix.basename(path).replace(/[^A-Za-z0-9._+=@-]/g, "_") || "root";
}
