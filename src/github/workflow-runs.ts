/** A finished workflow run as GitHub itself tells of it, and what it has uploaded. Each call is one question to GitHub. */
import type { GitHubClient, RepositoryName } from "./client.ts";
import { privilegedEvents } from "./event.ts";
import type { Answer } from "./refusal.ts";

export interface WorkflowRun {
  readonly id: number;
  /** The commit that it ran for: of a pull request its head. */
  readonly headSha: string;
  readonly headBranch: string | null;
  /** `owner/name`; of a fork that of the fork. */
  readonly headRepository: string | null;
  /** Such as `pull_request`. */
  readonly event: string;
  /** Such as `success`; null while it is running. */
  readonly conclusion: string | null;
  /** Page for people. */
  readonly url: string;
}

export interface Artifact {
  readonly id: number;
  /** Of the archive. */
  readonly bytes: number;
  readonly expired: boolean;
}

export function workflowRun(client: GitHubClient, id: number): Promise<Answer<WorkflowRun>> {
  return client.ask(async (octokit, where) => {
    const { data } = await octokit.rest.actions.getWorkflowRun({ ...where, run_id: id });
    return {
      id,
      headSha: data.head_sha,
      headBranch: data.head_branch,
      headRepository: data.head_repository?.full_name ?? null,
      event: data.event,
      conclusion: data.conclusion,
      url: data.html_url,
    };
  });
}

/** Whether only the repository's own people could have written the code of the run, by GitHub's word. */
export function isOwnRun({ headRepository, event }: WorkflowRun, { owner, repo }: RepositoryName): boolean {
  return headRepository?.toLowerCase() === `${owner}/${repo}`.toLowerCase() && !privilegedEvents.has(event);
}

/** The newest artifact of that name; null when the run has none. */
export function artifactOf(client: GitHubClient, run: number, name: string): Promise<Answer<Artifact | null>> {
  return client.ask(async (octokit, where) => {
    const asked = { ...where, run_id: run, name, per_page: 100 };
    const { data } = await octokit.rest.actions.listWorkflowRunArtifacts(asked);
    const [newest] = data.artifacts.toSorted((a, b) => b.id - a.id);
    return newest === undefined ? null : { id: newest.id, bytes: newest.size_in_bytes, expired: newest.expired };
  });
}

/** Names of what the run has uploaded, each once, sorted. */
export function artifactNames(client: GitHubClient, run: number): Promise<Answer<readonly string[]>> {
  return client.ask(async (octokit, where) => {
    const asked = { ...where, run_id: run, per_page: 100 };
    const all = await octokit.paginate(octokit.rest.actions.listWorkflowRunArtifacts, asked);
    return [...new Set(all.map(({ name }) => name))].sort();
  });
}

/** Where the archive lies for a minute; an address with its own signature, for which the token is not needed and must not be shown. */
export function archiveAddress(client: GitHubClient, artifact: number): Promise<Answer<string>> {
  return client.ask(async (octokit, where) => {
    const { headers } = await octokit.rest.actions.downloadArtifact({
      ...where,
      artifact_id: artifact,
      archive_format: "zip",
      request: { redirect: "manual" },
    });
    if (headers.location === undefined) throw new Error("GitHub gave no address of the archive");
    return headers.location;
  });
}

/** Number of the open pull request whose head is exactly that commit of that branch; null when there is none. */
export function openPullOf(client: GitHubClient, run: WorkflowRun): Promise<Answer<number | null>> {
  const [owner = ""] = (run.headRepository ?? "").split("/");
  return client.ask(async (octokit, where) => {
    if (owner === "" || run.headBranch === null) return null;
    const head = `${owner}:${run.headBranch}`;
    const { data } = await octokit.rest.pulls.list({ ...where, state: "open", head, per_page: 100 });
    return data.find((pull) => pull.head.sha === run.headSha)?.number ?? null;
  });
}
