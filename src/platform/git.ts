/** Git as a port: which commit is checked out, and what files were at another one. Reads objects only; never changes a repository. */
import { type CommandRunner, nodeCommandRunner } from "./command-runner.ts";

export interface Git {
  /** Full id of the commit that is checked out; null outside of a repository, before its first commit, and without git. */
  head(folder: string): Promise<string | null>;
  /** Full id of the commit that a branch, tag or id names, if the clone has it; null otherwise. */
  commitOf(folder: string, ref: string): Promise<string | null>;
  /** The commit at which the checked out one and `commit` part; null when the clone does not reach back so far. */
  forkPoint(folder: string, commit: string): Promise<string | null>;
  /** Text of a file at a commit, `path` relative to the folder; null when it was not there. Throws for an object that cannot be read. */
  show(folder: string, commit: string, path: string): Promise<string | null>;
  /** Paths of all files of a commit, from the root of the repository. Throws for a commit that cannot be read. */
  paths(folder: string, commit: string): Promise<readonly string[]>;
}

const limitMs = 60_000;
const fullId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export function gitOn(runner: CommandRunner): Git {
  const git = (folder: string, words: readonly string[]) => runner.run(["git", "-C", folder, ...words], limitMs);
  const idOf = async (folder: string, words: readonly string[]) => {
    const { code, stdout } = await git(folder, words);
    const id = stdout.trim();
    return code === 0 && fullId.test(id) ? id : null;
  };
  const commitOf: Git["commitOf"] = async (folder, ref) =>
    // A name that begins with a dash would be an option.
    ref.startsWith("-")
      ? null
      : idOf(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  return {
    head: (folder) => commitOf(folder, "HEAD"),
    commitOf,
    forkPoint: (folder, commit) => idOf(folder, ["merge-base", "HEAD", commit]),
    async show(folder, commit, path) {
      const listed = await git(folder, ["ls-tree", "-z", commit, "--", `:(literal)${path}`]);
      const blob = /^\d+ blob ([0-9a-f]+)\t/.exec(listed.stdout)?.[1];
      if (listed.code === 0 && blob === undefined) return null;
      const shown = blob === undefined ? listed : await git(folder, ["cat-file", "blob", blob]);
      if (shown.code === 0 && shown.failure === null) return shown.stdout;
      throw new Error(`git could not read ${path} at ${commit}: ${shown.failure ?? shown.stderr.trim()}`);
    },
    async paths(folder, commit) {
      const listed = await git(folder, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit]);
      if (listed.code !== 0 || listed.failure !== null) {
        throw new Error(`git could not list the files of ${commit}: ${listed.failure ?? listed.stderr.trim()}`);
      }
      return listed.stdout.split("\0").filter((path) => path !== "");
    },
  };
}

export const nodeGit: Git = gitOn(nodeCommandRunner);
