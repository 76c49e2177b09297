/** Turns a path of this process into the path of the same file for the container engine, where it is known. Pure. */
import { posix } from "node:path";
import { pathNotInWorkFolder, pathNotMounted } from "../../messages/runtimes-place.ts";
import { GateError, type Problem } from "../../model/problem.ts";

/** A folder or file that is in this container (`inside`) and on the engine's machine (`outside`). */
export interface OwnMount {
  readonly inside: string;
  readonly outside: string;
}

export type FilesInCommon =
  | { readonly kind: "all" }
  /** Of a container job. */
  | { readonly kind: "mounts"; readonly mounts: readonly OwnMount[] }
  /** Of a pod with an engine beside it. */
  | { readonly kind: "work-folder"; readonly folder: string | null };

/** Throws GateError with every path that the engine cannot see, each with the way out. */
export function pathsForEngine(paths: readonly string[], common: FilesInCommon): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const problems: Problem[] = [];
  for (const path of new Set(paths)) {
    const place = placed(posix.normalize(path), common);
    if (typeof place === "string") found.set(path, place);
    else problems.push(place.problem);
  }
  if (problems.length > 0) throw new GateError(problems);
  return found;
}

function placed(path: string, common: FilesInCommon): string | { readonly problem: Problem } {
  switch (common.kind) {
    case "all":
      return path;
    case "mounts": {
      const mount = longest(common.mounts.filter(({ inside }) => isIn(path, inside)));
      return mount === null
        ? { problem: pathNotMounted({ path, mounts: common.mounts.map(({ inside }) => inside) }) }
        : posix.join(mount.outside, posix.relative(mount.inside, path));
    }
    case "work-folder":
      return common.folder !== null && isIn(path, common.folder)
        ? path
        : { problem: pathNotInWorkFolder({ path, folder: common.folder }) };
  }
}

const longest = (mounts: readonly OwnMount[]) =>
  mounts.reduce<OwnMount | null>(
    (best, one) => (best === null || one.inside.length > best.inside.length ? one : best),
    null,
  );

const isIn = (path: string, folder: string) => path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
