/** Git as a port: which commit is checked out, and what files were at another one. Reads objects only; never changes a repository. */
import { type CommandRunner, nodeCommandRunner } from "./command-runner.ts";

export interface Git {
  /** Full id of the commit that is checked out; null outside of a repository, before its first commit, and without git. */
  head(folder: string): Promise<string | null>;
}

const limitMs = 20_000;
const fullId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export function gitOn(runner: CommandRunner): Git {
  return {
    async head(folder) {
      const { code, stdout } = await runner.run(["git", "-C", folder, "rev-parse", "--verify", "HEAD"], limitMs);
      const id = stdout.trim();
      return code === 0 && fullId.test(id) ? id : null;
    },
  };
}

export const nodeGit: Git = gitOn(nodeCommandRunner);
