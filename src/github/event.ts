/** What started this workflow run, read from the event file; needs no token and asks nobody. */
import { join } from "node:path";
import { z } from "zod";
import { eventUnreadable } from "../messages/action.ts";
import { GateError } from "../model/problem.ts";
import type { Files } from "../platform/files.ts";
import { reasonOf } from "../platform/thrown.ts";
import { checkedOutCommit, nearestGitFolder } from "./checked-out-commit.ts";

/** Whose code the run would execute. */
export type Origin =
  | { readonly kind: "own" }
  /** A pull request from another repository; null when that is gone. */
  | { readonly kind: "fork"; readonly repository: string | null }
  | { readonly kind: "dependabot"; readonly branch: string }
  /** An event with the rights of the base repository, beside a commit that is not its own; null when none can be found. */
  | { readonly kind: "foreign-head"; readonly found: string | null; readonly expected: string };

export interface PullRequest {
  readonly number: number;
  /** The commit that check runs belong to: not the merge commit that is checked out. */
  readonly headSha: string;
  readonly baseSha: string;
  /** `owner/name`; null when the fork is gone. */
  readonly headRepository: string | null;
}

export interface GitHubEvent {
  /** Such as `pull_request`; empty outside of GitHub. */
  readonly name: string;
  /** `owner/name`; null outside of GitHub. */
  readonly repository: string | null;
  readonly pullRequest: PullRequest | null;
  readonly origin: Origin;
}

type Environment = { readonly [name: string]: string | undefined };

const commit = z.looseObject({
  sha: z.string(),
  repo: z.looseObject({ full_name: z.string() }).nullish(),
  ref: z.string().optional(),
});
const payloadSchema = z.looseObject({
  repository: z.looseObject({ full_name: z.string() }).optional(),
  pull_request: z
    .looseObject({
      number: z.int().positive(),
      head: commit,
      base: commit,
      user: z.looseObject({ login: z.string() }).nullish(),
    })
    .nullish(),
});
type Payload = z.output<typeof payloadSchema>;

/** Events that run with the rights and secrets of the base repository whoever caused them; their own commit is one of the base. */
export const privilegedEvents: ReadonlySet<string> = new Set(["pull_request_target", "workflow_run", "issue_comment"]);

/**
 * `suiteFolder`, absolute, may lie in another clone than the workspace; both must be the base's own.
 * Throws GateError when a run of GitHub has no readable event: then nobody can tell whose code it is.
 */
export async function readEvent(env: Environment, files: Files, suiteFolder?: string): Promise<GitHubEvent> {
  const name = env.GITHUB_EVENT_NAME ?? "";
  const payload = await readPayload(env, files);
  const { pull_request: pull } = payload;
  return {
    name,
    repository: env.GITHUB_REPOSITORY ?? payload.repository?.full_name ?? null,
    pullRequest:
      pull == null
        ? null
        : {
            number: pull.number,
            headSha: pull.head.sha,
            baseSha: pull.base.sha,
            headRepository: pull.head.repo?.full_name ?? null,
          },
    origin: await originOf(name, payload, env, files, suiteFolder),
  };
}

async function readPayload(env: Environment, files: Files): Promise<Payload> {
  const path = env.GITHUB_EVENT_PATH ?? "";
  const unreadable = (why: string) => new GateError([eventUnreadable({ variable: "GITHUB_EVENT_PATH", why })]);
  if (path === "") {
    if (env.GITHUB_ACTIONS === "true") throw unreadable("it is not set");
    return {};
  }
  const text = await files.readText(path);
  if (text === null) throw unreadable("there is no such file");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(`the file is not JSON: ${reasonOf(error)}`);
  }
  const parsed = payloadSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not an event"}`);
}

async function originOf(
  name: string,
  { pull_request: pull }: Payload,
  env: Environment,
  files: Files,
  suiteFolder: string | undefined,
): Promise<Origin> {
  if (privilegedEvents.has(name)) {
    const expected = env.GITHUB_SHA ?? "";
    const clones: (string | null)[] = [join(env.GITHUB_WORKSPACE ?? ".", ".git")];
    if (suiteFolder !== undefined) clones.push(await nearestGitFolder(suiteFolder, files));
    for (const clone of clones) {
      const found = clone === null ? null : await checkedOutCommit(clone, files);
      if (found !== expected || expected === "") return { kind: "foreign-head", found, expected };
    }
    return { kind: "own" };
  }
  if (pull == null) return { kind: "own" };
  const head = pull.head.repo?.full_name ?? null;
  if (head === null || head.toLowerCase() !== pull.base.repo?.full_name.toLowerCase())
    return { kind: "fork", repository: head };
  return pull.user?.login === "dependabot[bot]" ? { kind: "dependabot", branch: pull.head.ref ?? "" } : { kind: "own" };
}
