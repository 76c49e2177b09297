/** Destination `check run`: the verdict on the commit that a reviewer looks at, under a name of its own. Needs `checks: write`. */
import {
  annotationsAtOnce,
  type CheckAnnotation,
  type CheckRun,
  type CheckRunContent,
  checkRunAnnotations,
  createCheckRun,
  findCheckRun,
  updateCheckRun,
} from "../github/check-runs.ts";
import type { GitHubClient } from "../github/client.ts";
import type { Answer, Refusal } from "../github/refusal.ts";
import { refusalProblem } from "../github/refusal-problem.ts";
import type { MatrixJob } from "../model/matrix-job.ts";
import { GateError } from "../model/problem.ts";
import { cutTo } from "../report/escape/cut-to.ts";
import type { Annotation } from "../report/render/annotations.ts";
import { type CheckRunOptions, checkRunName, renderCheckRun } from "../report/render/check-run.ts";
import type { Report } from "../report/report.ts";
import { pathInRepository } from "./annotations.ts";
import type { Destination, PublishContext, Published, Skipped } from "./destination.ts";
import { readOnlySentence } from "./read-only.ts";

export interface CheckRunHands extends Omit<CheckRunOptions, "runUrl"> {
  /** Null without a token. */
  readonly client: GitHubClient | null;
  /** The commit that a pull request proposes, never the merge commit that is checked out; null outside of GitHub. */
  readonly headSha: string | null;
  /** Name of the check; null for one that is made of the suite's. */
  readonly name: string | null;
  /** Tells the check runs of several jobs with one suite apart, such as the id of the job. */
  readonly job: string;
  /** Null outside of a matrix. */
  readonly matrix: MatrixJob | null;
}

const what = "write the check run";
/** Rounds after an answer was lost: each looks first what GitHub has by now. */
const mostRounds = 3;

export function checkRunDestination(hands: CheckRunHands): Destination {
  return {
    name: "check run",
    async publish(report, context) {
      const { client, headSha } = hands;
      if (context.signal.aborted) return { kind: "skipped", reason: "The run is being ended." };
      if (client === null || headSha === null)
        return { kind: "skipped", reason: "There is no token, or no commit of GitHub's." };
      const { annotations, ...content } = contentOf(report, hands, context);
      return outcomeOf(await upsert(client, headSha, content, annotations));
    },
  };
}

function outcomeOf(written: Answer<CheckRun>): Published | Skipped {
  if (written.ok) return { kind: "published", where: written.value.url };
  if (written.refusal.kind === "forbidden")
    return { kind: "skipped", reason: readOnlySentence("check runs", written.refusal) };
  throw new GateError([refusalProblem(written.refusal, what)]);
}

function contentOf(report: Report, hands: CheckRunHands, context: PublishContext) {
  const { conclusion, title, summary, annotations } = renderCheckRun(report, { ...hands, runUrl: context.runUrl });
  const suite = report.suite?.name ?? "no suite";
  const { job, matrix } = hands;
  const name = hands.name ?? checkRunName(suite, matrix?.label ?? null);
  const content: CheckRunContent = {
    ...{ conclusion, title, summary, name },
    externalId: `inference-gate/${job}/${suite}`.slice(0, 230) + (matrix === null ? "" : `/${matrix.key}`),
    detailsUrl: context.runUrl,
  };
  return { ...content, annotations: placed(annotations, report, context) };
}

/** https://docs.github.com/rest/checks/runs: `annotations[].title`. */
const longestTitle = 255;
const levels = { error: "failure", warning: "warning", notice: "notice" } as const;

/** Every annotation needs a line of a file of the repository: the suite's first one where it has none of its own. */
function placed(
  annotations: readonly Annotation[],
  report: Report,
  { repositoryRoot }: PublishContext,
): readonly CheckAnnotation[] {
  const within = (file: string | null) => (file === null ? null : pathInRepository(file, repositoryRoot));
  const suite = within(report.suite?.path ?? null);
  return annotations.flatMap(({ level, title, message, file, line }) => {
    const own = within(file);
    const path = own ?? suite;
    if (path === null) return [];
    return [
      {
        path,
        line: own === null ? 1 : (line ?? 1),
        level: levels[level],
        title: cutTo(title, longestTitle),
        message: message || title,
      },
    ];
  });
}

/**
 * Updates the check run of an earlier attempt, or creates one. Annotations can be added and never be removed: one that holds others than
 * these is left as it is, and a new one of the same name takes its place, since GitHub shows the newest of a name. What was lost on the
 * way may have been done, so each round looks first.
 */
async function upsert(
  client: GitHubClient,
  sha: string,
  content: CheckRunContent,
  annotations: readonly CheckAnnotation[],
): Promise<Answer<CheckRun>> {
  let lost: Refusal = { kind: "lost", status: null, said: "no answer", needs: null };
  for (let round = 1; round <= mostRounds; round += 1) {
    const found = await findCheckRun(client, sha, content);
    // Looking is tried four times by itself: then GitHub is out of reach.
    if (!found.ok) return found;
    const written = await writeRound(client, sha, found.value, content, annotations);
    if (written.ok || written.refusal.kind !== "lost") return written;
    lost = written.refusal;
  }
  return { ok: false, refusal: lost };
}

async function writeRound(
  client: GitHubClient,
  sha: string,
  before: CheckRun | null,
  content: CheckRunContent,
  annotations: readonly CheckAnnotation[],
): Promise<Answer<CheckRun>> {
  const missing = await missingIn(client, before, annotations);
  if (!missing.ok) return missing;
  let left = missing.value ?? annotations;
  let run = missing.value === null ? null : before;
  do {
    const batch = left.slice(0, annotationsAtOnce);
    left = left.slice(annotationsAtOnce);
    const written =
      run === null
        ? await createCheckRun(client, sha, content, batch)
        : await updateCheckRun(client, run.id, content, batch);
    if (!written.ok) return written;
    run = written.value;
  } while (left.length > 0);
  return { ok: true, value: run };
}

/** What the check run does not have yet; null when there is none, or one that says what no longer holds. */
async function missingIn(
  client: GitHubClient,
  run: CheckRun | null,
  annotations: readonly CheckAnnotation[],
): Promise<Answer<readonly CheckAnnotation[] | null>> {
  if (run === null) return { ok: true, value: null };
  if (run.annotations === 0) return { ok: true, value: annotations };
  const there = await checkRunAnnotations(client, run.id);
  if (!there.ok) return there;
  const left = new Map<string, number>();
  for (const one of there.value) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  const missing = annotations.filter((one) => {
    const known = left.get(keyOf(one)) ?? 0;
    if (known > 0) left.set(keyOf(one), known - 1);
    return known === 0;
  });
  const hasOthers = [...left.values()].some((number) => number > 0);
  return { ok: true, value: hasOthers ? null : missing };
}

const keyOf = ({ path, line, level, title, message }: CheckAnnotation) =>
  JSON.stringify([path, line, level, title, message]);
