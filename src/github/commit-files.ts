/** The files of a commit from GitHub, for a clone that does not hold it. Needs `contents: read`. */
import type { CommitFiles } from "../platform/commit-files.ts";
import type { GitHubClient } from "./client.ts";
import type { Answer, Refusal } from "./refusal.ts";

/** Thrown while files are read: GitHub told which commit it is, and then did not give what is in it. */
export class NotTold extends Error {
  constructor(refusal: Pick<Refusal, "said">) {
    super(refusal.said);
  }
}

/** Of the commit at which `head` and `base` part. One question to GitHub, and one more for each folder and file that is read. */
export async function commitFilesFromGitHub(
  client: GitHubClient,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<Answer<CommitFiles>> {
  const parted = await client.ask(async (octokit, where) => {
    const asked = { ...where, basehead: `${base}...${head}`, per_page: 1 };
    return (await octokit.rest.repos.compareCommitsWithBasehead(asked)).data.merge_base_commit.sha;
  });
  return parted.ok ? { ok: true, value: filesOf(client, parted.value) } : parted;
}

interface Entry {
  readonly path: string;
  readonly type: string;
  readonly sha: string;
}

function filesOf(client: GitHubClient, commit: string): CommitFiles {
  const folders = new Map<string, Promise<readonly Entry[]>>();
  const folder = (sha: string) => {
    const known = folders.get(sha) ?? treeOf(client, sha);
    folders.set(sha, known);
    return known;
  };
  return {
    commit,
    async read(path) {
      const names = path.split("/");
      let sha = commit;
      for (const [index, name] of names.entries()) {
        const wanted = index === names.length - 1 ? "blob" : "tree";
        const entry = (await folder(sha)).find((one) => one.path === name && one.type === wanted);
        if (entry === undefined) return null;
        ({ sha } = entry);
      }
      return blobOf(client, sha);
    },
    async paths() {
      const all = await treeOf(client, commit, { recursive: "1" });
      return all.filter(({ type }) => type === "blob").map(({ path }) => path);
    },
  };
}

/** `depth` as GitHub takes it: of this folder alone, or also of those in it. */
async function treeOf(
  client: GitHubClient,
  sha: string,
  depth: { readonly recursive?: "1" } = {},
): Promise<readonly Entry[]> {
  const { tree, truncated } = told(
    await client.ask(
      async (octokit, where) => (await octokit.rest.git.getTree({ ...where, tree_sha: sha, ...depth })).data,
    ),
  );
  if (truncated) throw new NotTold({ said: "the repository has more files than GitHub lists" });
  return tree;
}

async function blobOf(client: GitHubClient, sha: string): Promise<string> {
  const { content } = told(
    await client.ask(async (octokit, where) => (await octokit.rest.git.getBlob({ ...where, file_sha: sha })).data),
  );
  return Buffer.from(content, "base64").toString("utf8");
}

function told<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new NotTold(answer.refusal);
}
