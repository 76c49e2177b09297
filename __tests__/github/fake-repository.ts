/** A repository as the fake GitHub keeps it, and its replies, made of the description's own examples. */
import type { ApiDescription } from "./api-description.ts";

export interface StoredAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: string;
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export interface StoredCheckRun {
  readonly id: number;
  name: string;
  head_sha: string;
  external_id: string | null;
  status: string;
  conclusion: string | null;
  details_url: string | null;
  title: string;
  summary: string;
  text: string | null;
  annotations: StoredAnnotation[];
  /** How many requests have written to it. */
  writes: number;
}

export interface StoredComment {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  body: string;
  writes: number;
}

export interface StoredArtifact {
  readonly id: number;
  readonly run: number;
  readonly name: string;
  readonly zip: Uint8Array;
  readonly expired: boolean;
}

export interface StoredRun {
  readonly id: number;
  readonly head_sha: string;
  readonly event: string;
  readonly path: string;
  readonly head_repository: string;
  readonly head_branch: string;
}

export interface StoredPull {
  readonly number: number;
  head_sha: string;
  readonly head_repository: string;
  readonly head_branch: string;
  readonly state: "open" | "closed";
}

export interface FakeRepository {
  readonly owner: string;
  readonly repo: string;
  checkRuns: StoredCheckRun[];
  comments: StoredComment[];
  artifacts: StoredArtifact[];
  runs: StoredRun[];
  pulls: StoredPull[];
  /** Folder of a real repository whose commits are GitHub's; null for none. */
  git: string | null;
  /** More files than GitHub lists at once. */
  isHuge: boolean;
}

type Reply = Record<string, unknown>;

export function checkRunReply(api: ApiDescription, stored: StoredCheckRun): Reply {
  const reply = api.example("check-run");
  return {
    ...reply,
    id: stored.id,
    name: stored.name,
    head_sha: stored.head_sha,
    external_id: stored.external_id,
    status: stored.status,
    conclusion: stored.conclusion,
    details_url: stored.details_url,
    html_url: `https://github.com/checks/${stored.id}`,
    output: {
      title: stored.title,
      summary: stored.summary,
      text: stored.text,
      annotations_count: stored.annotations.length,
      annotations_url: `https://api.github.com/check-runs/${stored.id}/annotations`,
    },
    pull_requests: [],
  };
}

export function annotationReply(stored: StoredAnnotation): Reply {
  const empty = { start_column: null, end_column: null, title: null, raw_details: null };
  return { ...empty, ...stored, blob_href: `https://github.com/blob/${encodeURIComponent(stored.path)}` };
}

export function commentReply(api: ApiDescription, stored: StoredComment): Reply {
  const reply = api.example("issue-comment");
  const user = {
    ...(reply.user as Reply),
    login: stored.author,
    type: stored.author.endsWith("[bot]") ? "Bot" : "User",
  };
  return { ...reply, id: stored.id, body: stored.body, user, html_url: `https://github.com/comments/${stored.id}` };
}

export function artifactReply(api: ApiDescription, stored: StoredArtifact): Reply {
  const { id, name, zip, expired, run } = stored;
  const reply = api.example("artifact");
  return {
    ...reply,
    id,
    name,
    size_in_bytes: zip.length,
    expired,
    workflow_run: { ...(reply.workflow_run as Reply), id: run },
  };
}

export function runReply(api: ApiDescription, stored: StoredRun): Reply {
  const reply = api.example("workflow-run");
  const { id, head_sha, event, path, head_repository, head_branch } = stored;
  const repository = { ...(reply.head_repository as Reply), full_name: head_repository };
  return { ...reply, id, head_sha, event, path, head_branch, head_repository: repository, pull_requests: [] };
}

export function pullReply(
  api: ApiDescription,
  stored: StoredPull,
  shape: "pull-request" | "pull-request-simple",
): Reply {
  // The example's teams lack a field that the schema of the same description demands.
  const reply = { ...(shape === "pull-request" ? api.example(shape) : simplePull(api)), requested_teams: [] };
  const head = Reflect.get(reply, "head") as Reply;
  const repo = { ...(head.repo as Reply), full_name: stored.head_repository };
  return { ...reply, number: stored.number, state: stored.state, head: { ...head, sha: stored.head_sha, repo } };
}

function simplePull(api: ApiDescription): Reply {
  const items = api.example("pull-request-simple-items") as unknown as readonly Reply[];
  const [first] = items;
  if (first === undefined) throw new Error("the description's example holds no pull request");
  return first;
}
