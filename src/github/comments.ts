/** Comments of a pull request: whose the token is, which comment is ours, and writing it. Each call is one question to GitHub. */
import type { GitHubClient } from "./client.ts";
import type { Answer } from "./refusal.ts";

export interface Comment {
  readonly id: number;
  readonly body: string;
  /** Page for people. */
  readonly url: string;
}

/** Who writes with the token of a job. */
const jobLogin = "github-actions[bot]";

/** Login of the token's owner. REST does not tell it for the token of a job, GraphQL does; where that is refused, it is taken for one of a job. */
export async function ownLogin(client: GitHubClient): Promise<string> {
  const answer = await client.ask(async (octokit) => {
    const { viewer } = await octokit.graphql<{ viewer: { login: string } }>("{ viewer { login } }");
    return viewer.login;
  });
  return answer.ok ? answer.value : jobLogin;
}

/** The oldest comment that begins with `marker` and was written by `login`; null when there is none. Anybody else's is nobody's business. */
export function findComment(
  client: GitHubClient,
  pull: number,
  { marker, login }: { readonly marker: string; readonly login: string },
): Promise<Answer<Comment | null>> {
  return client.ask(async (octokit, where) => {
    const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
      ...where,
      issue_number: pull,
      per_page: 100,
    });
    for await (const { data } of pages) {
      const found = data.find(({ body, user }) => body?.startsWith(marker) === true && user?.login === login);
      if (found !== undefined) return comment(found);
    }
    return null;
  });
}

export function createComment(client: GitHubClient, pull: number, body: string): Promise<Answer<Comment>> {
  return client.ask(async (octokit, where) =>
    comment((await octokit.rest.issues.createComment({ ...where, issue_number: pull, body })).data),
  );
}

export function updateComment(client: GitHubClient, id: number, body: string): Promise<Answer<Comment>> {
  return client.ask(async (octokit, where) =>
    comment((await octokit.rest.issues.updateComment({ ...where, comment_id: id, body })).data),
  );
}

const comment = ({ id, body, html_url }: { id: number; body?: string | undefined; html_url: string }): Comment => ({
  id,
  body: body ?? "",
  url: html_url,
});
