/** The files of one commit as a port: what stands behind it may be a clone, or a service that holds the repository. */
import type { Git } from "./git.ts";

export interface CommitFiles {
  /** Full id. */
  readonly commit: string;
  /** Text of a file by its path from the root of the repository, with `/`; null when it is not there. Throws for what cannot be read. */
  read(path: string): Promise<string | null>;
  /** Paths of all files, as above. Throws when they cannot all be told. */
  paths(): Promise<readonly string[]>;
}

/** From the objects of a clone; `root` is that of its work tree. */
export const gitCommitFiles = (git: Git, root: string, commit: string): CommitFiles => ({
  commit,
  read: (path) => git.show(root, commit, path),
  paths: () => git.paths(root, commit),
});
