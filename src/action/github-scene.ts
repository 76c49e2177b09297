/** What the action knows of GitHub: with whose rights it may speak, of which commit, and to which pull request. */
import { type GitHubClient, gitHubClient } from "../github/client.ts";
import { readEvent } from "../github/event.ts";
import { GateError } from "../model/problem.ts";
import { tool } from "../model/tool.ts";
import { systemClock } from "../platform/clock.ts";
import { nodeFiles } from "../platform/files.ts";

export interface GitHubScene {
  /** Null without a token or a repository. */
  readonly client: GitHubClient | null;
  /** The commit that is reviewed: of a pull request its head, not the merge commit that is checked out. */
  readonly headSha: string | null;
  /** Number of the pull request. */
  readonly pull: number | null;
  /** The commit that a pull request is to be merged into. */
  readonly baseSha: string | null;
  /** Id of the job in its workflow. */
  readonly job: string;
}

type Environment = { readonly [name: string]: string | undefined };

const defaultApi = "https://api.github.com";

/** Never throws for an event that cannot be read: admission tells of that one. */
export async function gitHubScene(token: string, env: Environment, signal: AbortSignal): Promise<GitHubScene> {
  const event = await readEvent(env, nodeFiles).catch((error: unknown) => {
    if (error instanceof GateError) return null;
    throw error;
  });
  const pull = event?.pullRequest ?? null;
  const [owner = "", repo = ""] = (env.GITHUB_REPOSITORY ?? "").split("/");
  const isReachable = token !== "" && owner !== "" && repo !== "";
  const apiUrl = given(env.GITHUB_API_URL) ?? defaultApi;
  const about = { token, apiUrl, repository: { owner, repo }, clock: systemClock, signal, userAgent: tool };
  return {
    client: isReachable ? gitHubClient(about) : null,
    headSha: pull?.headSha ?? given(env.GITHUB_SHA),
    pull: pull?.number ?? null,
    baseSha: pull?.baseSha ?? null,
    job: given(env.GITHUB_JOB) ?? "job",
  };
}

const given = (value: string | undefined) => (value === undefined || value === "" ? null : value);
