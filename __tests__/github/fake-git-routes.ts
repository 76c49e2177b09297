/** Commits, folders and files of the fake GitHub: those of a real repository on disk, read with git. */
import { spawnSync } from "node:child_process";
import type { ApiDescription } from "./api-description.ts";
import type { FakeRepository } from "./fake-repository.ts";
import type { Route } from "./fake-routes.ts";
import { faults } from "./faults.ts";

export function fakeGitRoutes(
  repository: FakeRepository,
  api: ApiDescription,
): { readonly [operation: string]: Route } {
  /** Null when git does not know it. */
  const git = (...words: readonly string[]): string | null => {
    if (repository.git === null) return null;
    const { status, stdout } = spawnSync("git", ["-C", repository.git, ...words], { encoding: "utf8" });
    return status === 0 ? stdout : null;
  };
  const base = "/repos/{owner}/{repo}";
  return {
    [`GET ${base}/compare/{basehead}`]: ({ parameters }) => {
      const [before = "", after = ""] = (parameters.basehead ?? "").split("...");
      const sha = git("merge-base", before, after)?.trim();
      if (sha === undefined) return faults.notFound;
      const reply = api.example("commit-comparison");
      const merged = { ...Object(reply.merge_base_commit), sha };
      return { status: 200, body: { ...reply, merge_base_commit: merged, commits: [] } };
    },
    [`GET ${base}/git/trees/{tree_sha}`]: ({ parameters, query }) => {
      const sha = parameters.tree_sha ?? "";
      const listed = git("ls-tree", "-z", ...(query.has("recursive") ? ["-r", "-t"] : []), sha);
      if (listed === null) return faults.notFound;
      const tree = listed
        .split("\0")
        .map((line) => /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line))
        .filter((found) => found !== null)
        .map(([, mode, type, id, path]) => ({ path, mode, type, sha: id, url: `https://api.github.com/git/${id}` }));
      return {
        status: 200,
        body: { sha, url: `https://api.github.com/git/trees/${sha}`, tree, truncated: repository.isHuge },
      };
    },
    [`GET ${base}/git/blobs/{file_sha}`]: ({ parameters }) => {
      const sha = parameters.file_sha ?? "";
      const text = git("cat-file", "blob", sha);
      if (text === null) return faults.notFound;
      const content = Buffer.from(text).toString("base64").replace(/.{60}/g, "$&\n");
      const about = { node_id: "blob", url: `https://api.github.com/git/blobs/${sha}`, size: Buffer.byteLength(text) };
      return { status: 200, body: { ...about, sha, content, encoding: "base64" } };
    },
  };
}
