/** Check runs of a commit: find ours, create it, add to it. Each call is one question to GitHub. */
import type { GitHubClient } from "./client.ts";
import type { Answer } from "./refusal.ts";

export interface CheckAnnotation {
  /** Relative to the root of the repository. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly level: "failure" | "warning" | "notice";
  /** At most 255 characters. */
  readonly title: string;
  /** At most 64 KB; never empty. */
  readonly message: string;
}

export interface CheckRunContent {
  readonly name: string;
  /** Which of our check runs it is, over all runs of a workflow. */
  readonly externalId: string;
  /** Page that tells more; null when there is none. */
  readonly detailsUrl: string | null;
  readonly conclusion: "success" | "failure" | "neutral";
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
}

export interface CheckRun {
  readonly id: number;
  /** Page for people; null when GitHub gives none. */
  readonly url: string | null;
  /** Annotations that it has; they can be added and never removed. */
  readonly annotations: number;
}

/** Most annotations that GitHub takes at once. */
export const annotationsAtOnce = 50;

/** The newest check run of that name and external id on the commit; null when there is none. */
export function findCheckRun(
  client: GitHubClient,
  sha: string,
  { name, externalId }: Pick<CheckRunContent, "name" | "externalId">,
): Promise<Answer<CheckRun | null>> {
  return client.ask(async (octokit, where) => {
    const { data } = await octokit.rest.checks.listForRef({ ...where, ref: sha, check_name: name, per_page: 100 });
    const found = data.check_runs.find((run) => run.external_id === externalId);
    return found === undefined ? null : checkRun(found);
  });
}

export function checkRunAnnotations(client: GitHubClient, id: number): Promise<Answer<readonly CheckAnnotation[]>> {
  return client.ask(async (octokit, where) => {
    const all = await octokit.paginate(octokit.rest.checks.listAnnotations, {
      ...where,
      check_run_id: id,
      per_page: 100,
    });
    return all.map(({ path, start_line, annotation_level, title, message }) => ({
      path,
      line: start_line,
      level: levelOf(annotation_level),
      title: title ?? "",
      message: message ?? "",
    }));
  });
}

/** Completed from its beginning, so that none can be left in progress. At most 50 annotations. */
export function createCheckRun(
  client: GitHubClient,
  sha: string,
  content: CheckRunContent,
  annotations: readonly CheckAnnotation[],
): Promise<Answer<CheckRun>> {
  return client.ask(async (octokit, where) => {
    const fields = { ...fieldsOf(content, annotations), name: content.name, head_sha: sha };
    return checkRun((await octokit.rest.checks.create({ ...where, ...fields })).data);
  });
}

/** Replaces everything but the annotations, to which it adds at most 50. */
export function updateCheckRun(
  client: GitHubClient,
  id: number,
  content: CheckRunContent,
  annotations: readonly CheckAnnotation[],
): Promise<Answer<CheckRun>> {
  return client.ask(async (octokit, where) => {
    const fields = { ...fieldsOf(content, annotations), check_run_id: id };
    return checkRun((await octokit.rest.checks.update({ ...where, ...fields })).data);
  });
}

function fieldsOf(content: CheckRunContent, annotations: readonly CheckAnnotation[]) {
  const { externalId, detailsUrl, conclusion, title, summary } = content;
  return {
    external_id: externalId,
    status: "completed" as const,
    conclusion,
    ...(detailsUrl === null ? {} : { details_url: detailsUrl }),
    output: {
      title,
      summary,
      annotations: annotations.map(({ path, line, level, title: heading, message }) => ({
        path,
        start_line: line,
        end_line: line,
        annotation_level: level,
        title: heading,
        message,
      })),
    },
  };
}

interface GivenCheckRun {
  readonly id: number;
  readonly html_url: string | null;
  readonly output: { readonly annotations_count: number };
}

const checkRun = ({ id, html_url, output }: GivenCheckRun): CheckRun => ({
  id,
  url: html_url,
  annotations: output.annotations_count,
});

const levelOf = (level: string | null): CheckAnnotation["level"] =>
  level === "failure" || level === "warning" ? level : "notice";
