/** Speaking to GitHub from the command line: with the token and for the repository that the environment names. */
import { type GitHubClient, gitHubClient } from "../github/client.ts";
import { tokenNeeded } from "../messages/artifacts.ts";
import { badOption } from "../messages/commands.ts";
import { GateError } from "../model/problem.ts";
import { tool } from "../model/tool.ts";
import { systemClock } from "../platform/clock.ts";

type Environment = { readonly [name: string]: string | undefined };

/** `repo` is `--repo`. Throws GateError without a token or a repository. */
export function clientFrom(env: Environment, repo: string | null, signal: AbortSignal): GitHubClient {
  const token = env.GITHUB_TOKEN ?? "";
  if (token === "") throw new GateError([tokenNeeded({ variable: "GITHUB_TOKEN" })]);
  const name = repo ?? env.GITHUB_REPOSITORY ?? "";
  if (name === "") throw new GateError([tokenNeeded({ variable: "GITHUB_REPOSITORY" })]);
  const [, owner, own] = /^([\w.-]+)\/([\w.-]+)$/.exec(name) ?? [];
  if (owner === undefined || own === undefined) {
    throw new GateError([badOption({ option: "--repo", found: name, expected: "owner/name" })]);
  }
  const apiUrl = env.GITHUB_API_URL || "https://api.github.com";
  return gitHubClient({ token, apiUrl, repository: { owner, repo: own }, clock: systemClock, signal, userAgent: tool });
}

/** Throws GateError for what is no number of a run. */
export function runNumber(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new GateError([
    badOption({ option: "--run", found: text, expected: "the number of a run, as its address ends" }),
  ]);
}
