/** The files of the commit that a change is to be merged into: from the clone, or from GitHub where the clone does not hold it. */
import { dirname, join, relative } from "node:path";
import { checkedOutCommit, nearestGitFolder } from "../github/checked-out-commit.ts";
import type { GitHubClient } from "../github/client.ts";
import { commitFilesFromGitHub } from "../github/commit-files.ts";
import { type CommitFiles, gitCommitFiles } from "../platform/commit-files.ts";
import type { Workbench } from "./workbench.ts";

export interface BaseFiles {
  /** Full id of the commit at which base and change part: what the base has got since is no change of this one. */
  readonly commit: string;
  /** Text of a file by the absolute path that it has in the work tree; null when the base has no such file. */
  read(path: string): Promise<string | null>;
  /** Paths of all its files, as above. */
  paths(): Promise<readonly string[]>;
}

/** What follows when nobody has the base: half a sentence that says why. */
export interface NoBase {
  readonly why: string;
}

/** `ref` is a branch, tag or commit; `gitHub` is asked for commits only, and not at all when it is null. */
export async function baseFiles(
  { folder, ref, gitHub }: { readonly folder: string; readonly ref: string; readonly gitHub: GitHubClient | null },
  { git, files }: Pick<Workbench, "git" | "files">,
): Promise<BaseFiles | NoBase> {
  const gitFolder = await nearestGitFolder(folder, files);
  if (gitFolder === null) return { why: "there is no clone of a repository" };
  const root = dirname(gitFolder);
  const tip = await git.commitOf(root, ref);
  if (tip !== null) return inWorkTree(root, gitCommitFiles(git, root, (await git.forkPoint(root, tip)) ?? tip));
  const why = "the clone has no such commit, branch or tag";
  const head = gitHub === null ? null : ((await git.head(root)) ?? (await checkedOutCommit(gitFolder, files)));
  if (gitHub === null || head === null) return { why };
  const told = await commitFilesFromGitHub(gitHub, { base: ref, head });
  return told.ok ? inWorkTree(root, told.value) : { why: `${why}, and GitHub did not tell: ${told.refusal.said}` };
}

const inWorkTree = (root: string, { commit, read, paths }: CommitFiles): BaseFiles => ({
  commit,
  read: (path) => read(relative(root, path).replaceAll("\\", "/")),
  paths: async () => (await paths()).map((path) => join(root, path)),
});
