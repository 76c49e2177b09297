/** Destination `comment`: one comment of a pull request, written when there is something to say and again when that changes. Needs `pull-requests: write`. */
import type { GitHubClient } from "../github/client.ts";
import { type Comment, createComment, findComment, ownLogin, updateComment } from "../github/comments.ts";
import type { Answer, Refusal } from "../github/refusal.ts";
import { refusalProblem } from "../github/refusal-problem.ts";
import type { MatrixJob } from "../model/matrix-job.ts";
import { GateError } from "../model/problem.ts";
import { type CommentOptions, commentMarker, isSameComment, renderComment } from "../report/render/comment.ts";
import type { Report } from "../report/report.ts";
import type { Destination, Published, Skipped } from "./destination.ts";
import { readOnlySentence } from "./read-only.ts";

export interface CommentHands extends Pick<CommentOptions, "artifact" | "outcome"> {
  /** Null without a token. */
  readonly client: GitHubClient | null;
  /** Number of the pull request; null for a run of no pull request. */
  readonly pull: number | null;
  /** The commit that was judged. */
  readonly headSha: string | null;
  /** Tells the comments of several jobs with one suite apart, such as the id of the job. */
  readonly job: string;
  /** Name of the check that it belongs to, where one was given. */
  readonly name: string | null;
  /** Null outside of a matrix. */
  readonly matrix: MatrixJob | null;
}

/** Rounds after an answer was lost: each looks first what GitHub has by now. */
const mostRounds = 3;

export function commentDestination(hands: CommentHands): Destination {
  return {
    name: "comment",
    async publish(report, { runUrl, signal }) {
      if (signal.aborted) return { kind: "skipped", reason: "The run is being ended." };
      const { client, pull, headSha: commit, artifact, outcome, job, name, matrix } = hands;
      if (client === null || pull === null) {
        return { kind: "skipped", reason: "There is no token, or no pull request to comment on." };
      }
      const given = [matrix?.key ?? null, name].filter((part) => part !== null);
      const key = [job, ...given, report.suite?.name ?? "no suite"].join("/");
      const label = matrix?.label ?? null;
      return write(client, pull, report, { artifact, outcome, key, label, commit, runUrl });
    },
  };
}

async function write(
  client: GitHubClient,
  pull: number,
  report: Report,
  options: Omit<CommentOptions, "turn">,
): Promise<Published | Skipped> {
  const about = { marker: commentMarker(options.key), login: await ownLogin(client) };
  let lost: Refusal | null = null;
  for (let round = 1; round <= mostRounds; round += 1) {
    const found = await findComment(client, pull, about);
    if (!found.ok) return refused(found.refusal);
    const written = await writeRound(client, pull, found.value, report, options);
    if (written === null)
      return { kind: "skipped", reason: "There is nothing to say that a comment would be needed for." };
    if (written.ok) return { kind: "published", where: written.value.url };
    if (written.refusal.kind !== "lost") return refused(written.refusal);
    lost = written.refusal;
  }
  return refused(lost ?? { kind: "lost", status: null, said: "no answer", needs: null });
}

/** Null when there is nothing to say. */
async function writeRound(
  client: GitHubClient,
  pull: number,
  before: Comment | null,
  report: Report,
  options: Omit<CommentOptions, "turn">,
): Promise<Answer<Comment> | null> {
  const body = renderComment(report, { ...options, turn: before === null ? "first" : "again" });
  if (body === null) return null;
  if (before === null) return createComment(client, pull, body);
  return isSameComment(before.body, body) ? { ok: true, value: before } : updateComment(client, before.id, body);
}

function refused(refusal: Refusal): Skipped {
  if (refusal.kind === "forbidden") return { kind: "skipped", reason: readOnlySentence("comments", refusal) };
  throw new GateError([refusalProblem(refusal, "write the comment")]);
}
