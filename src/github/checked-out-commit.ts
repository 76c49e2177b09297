/** The commit that a work tree stands on, read from git's own files: a runner need not have git. */
import { dirname, join } from "node:path";
import type { Files } from "../platform/files.ts";

const commitPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** The `.git` that `folder` belongs to, its own or that of the nearest folder above; null when there is none. */
export async function nearestGitFolder(folder: string, files: Files): Promise<string | null> {
  const own = join(folder, ".git");
  if (await files.exists(own)) return own;
  const above = dirname(folder);
  return above === folder ? null : nearestGitFolder(above, files);
}

/** Null when `gitFolder` is none, or does not tell. */
export async function checkedOutCommit(gitFolder: string, files: Files): Promise<string | null> {
  const head = (await files.readText(join(gitFolder, "HEAD")))?.trim() ?? "";
  if (!head.startsWith("ref: ")) return commitPattern.test(head) ? head : null;
  const name = head.slice("ref: ".length);
  // A name that leads elsewhere is none of git's.
  if (!/^refs\/[\w./-]+$/.test(name) || name.includes("..")) return null;
  const loose = (await files.readText(join(gitFolder, name)))?.trim() ?? "";
  if (commitPattern.test(loose)) return loose;
  const packed = (await files.readText(join(gitFolder, "packed-refs"))) ?? "";
  const line = packed.split("\n").find((one) => one.endsWith(` ${name}`)) ?? "";
  const [sha = ""] = line.split(" ");
  return commitPattern.test(sha) ? sha : null;
}
