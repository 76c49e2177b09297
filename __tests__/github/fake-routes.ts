/** What the fake GitHub does for each operation: the rules that the description cannot say are here, with the words GitHub uses. */
import type { ApiDescription } from "./api-description.ts";
import {
  annotationReply,
  artifactReply,
  checkRunReply,
  commentReply,
  type FakeRepository,
  pullReply,
  runReply,
  type StoredAnnotation,
  type StoredCheckRun,
  type StoredPull,
} from "./fake-repository.ts";
import { type Fault, faults } from "./faults.ts";

export interface Asked {
  readonly parameters: { readonly [name: string]: string };
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  /** Login of the token. */
  readonly login: string;
  /** Base address of the place where archives lie. */
  readonly archives: string;
}

export interface Given {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: { readonly [name: string]: string };
  /** Length of the whole list, of which this is a page. */
  readonly total?: number;
}

export type Route = (asked: Asked) => Given | Fault;

const bodyLimit = 65_536;
const invalid = (message: string): Fault => ({
  kind: "status",
  status: 422,
  body: { message, documentation_url: "https://docs.github.com/rest" },
});

/** One page of a list, as `per_page` and `page` ask. */
function paged<T>(items: readonly T[], query: URLSearchParams): readonly T[] {
  const size = Number(query.get("per_page") ?? 30);
  const page = Number(query.get("page") ?? 1);
  return items.slice((page - 1) * size, page * size);
}

export function fakeRoutes(repository: FakeRepository, api: ApiDescription): { readonly [operation: string]: Route } {
  let lastId = 10_000;
  const nextId = () => {
    lastId += 1;
    return lastId;
  };

  /** Null when all is well. */
  const write = (run: StoredCheckRun, body: Record<string, unknown>): Fault | null => {
    const output = body.output as
      | { title: string; summary: string; text?: string; annotations?: readonly StoredAnnotation[] }
      | undefined;
    const annotations = output?.annotations ?? [];
    if (annotations.length > 50) {
      return invalid(`Invalid request.\n\nNo more than 50 items are allowed; ${annotations.length} were supplied.`);
    }
    for (const one of annotations) {
      const bad = annotationMistake(one);
      if (bad !== null) return invalid(bad);
    }
    if (body.status === "completed" && body.conclusion === undefined) return invalid("conclusion is missing");
    if (typeof body.name === "string") run.name = body.name;
    if (typeof body.external_id === "string") run.external_id = body.external_id;
    if (typeof body.details_url === "string") run.details_url = body.details_url;
    if (typeof body.status === "string") run.status = body.status;
    if (typeof body.conclusion === "string") {
      run.conclusion = body.conclusion;
      run.status = "completed";
    }
    if (output !== undefined)
      Object.assign(run, { title: output.title, summary: output.summary, text: output.text ?? null });
    run.annotations.push(...annotations);
    run.writes += 1;
    return null;
  };

  const base = "/repos/{owner}/{repo}";
  return {
    [`POST ${base}/check-runs`]: ({ body }) => {
      const empty = { conclusion: null, details_url: null, external_id: null, status: "queued", text: null };
      const run: StoredCheckRun = {
        ...empty,
        id: nextId(),
        name: String(body.name),
        head_sha: String(body.head_sha),
        title: "",
        summary: "",
        annotations: [],
        writes: 0,
      };
      const fault = write(run, body);
      if (fault !== null) return fault;
      repository.checkRuns.push(run);
      return { status: 201, body: checkRunReply(api, run) };
    },
    [`PATCH ${base}/check-runs/{check_run_id}`]: ({ parameters, body }) => {
      const run = repository.checkRuns.find(({ id }) => String(id) === parameters.check_run_id);
      if (run === undefined) return faults.notFound;
      return write(run, body) ?? { status: 200, body: checkRunReply(api, run) };
    },
    [`GET ${base}/check-runs/{check_run_id}/annotations`]: ({ parameters, query }) => {
      const run = repository.checkRuns.find(({ id }) => String(id) === parameters.check_run_id);
      if (run === undefined) return faults.notFound;
      return { status: 200, body: paged(run.annotations, query).map(annotationReply), total: run.annotations.length };
    },
    [`GET ${base}/commits/{ref}/check-runs`]: ({ parameters, query }) => {
      const name = query.get("check_name");
      // Newest first; `filter=latest` (the default) gives the newest of each name.
      const runs = repository.checkRuns
        .filter((run) => run.head_sha === parameters.ref && (name === null || run.name === name))
        .reverse();
      const latest = runs.filter((run, index) => runs.findIndex((other) => other.name === run.name) === index);
      const chosen = query.get("filter") === "all" ? runs : latest;
      return {
        status: 200,
        total: chosen.length,
        body: { total_count: chosen.length, check_runs: paged(chosen, query).map((run) => checkRunReply(api, run)) },
      };
    },
    [`GET ${base}/issues/{issue_number}/comments`]: ({ parameters, query }) => {
      const comments = repository.comments.filter(({ issue }) => String(issue) === parameters.issue_number);
      return {
        status: 200,
        body: paged(comments, query).map((comment) => commentReply(api, comment)),
        total: comments.length,
      };
    },
    [`POST ${base}/issues/{issue_number}/comments`]: ({ parameters, body, login }) => {
      const text = String(body.body);
      if (text.length > bodyLimit) return invalid(`Body is too long (maximum is ${bodyLimit} characters)`);
      const comment = { id: nextId(), issue: Number(parameters.issue_number), author: login, body: text, writes: 1 };
      repository.comments.push(comment);
      return { status: 201, body: commentReply(api, comment) };
    },
    [`PATCH ${base}/issues/comments/{comment_id}`]: ({ parameters, body }) => {
      const comment = repository.comments.find(({ id }) => String(id) === parameters.comment_id);
      if (comment === undefined) return faults.notFound;
      const text = String(body.body);
      if (text.length > bodyLimit) return invalid(`Body is too long (maximum is ${bodyLimit} characters)`);
      comment.body = text;
      comment.writes += 1;
      return { status: 200, body: commentReply(api, comment) };
    },
    [`GET ${base}/actions/runs/{run_id}`]: ({ parameters }) => {
      const run = repository.runs.find(({ id }) => String(id) === parameters.run_id);
      return run === undefined ? faults.notFound : { status: 200, body: runReply(api, run) };
    },
    [`GET ${base}/actions/runs/{run_id}/artifacts`]: ({ parameters, query }) => {
      const name = query.get("name");
      const found = repository.artifacts.filter(
        (artifact) => String(artifact.run) === parameters.run_id && (name === null || artifact.name === name),
      );
      const artifacts = paged(found, query).map((artifact) => artifactReply(api, artifact));
      return { status: 200, body: { total_count: found.length, artifacts }, total: found.length };
    },
    [`GET ${base}/actions/artifacts/{artifact_id}/{archive_format}`]: ({ parameters, archives }) => {
      const artifact = repository.artifacts.find(({ id }) => String(id) === parameters.artifact_id);
      if (artifact === undefined) return faults.notFound;
      if (artifact.expired) return { kind: "status", status: 410, body: { message: "Artifact has expired" } };
      return { status: 302, body: null, headers: { location: `${archives}/${artifact.id}.zip?signature=given` } };
    },
    [`GET ${base}/pulls`]: ({ query }) => {
      const [state, head] = [query.get("state") ?? "open", query.get("head")];
      const headOf = (pull: StoredPull) => `${pull.head_repository.split("/")[0]}:${pull.head_branch}`;
      const pulls = repository.pulls.filter(
        (pull) => (state === "all" || pull.state === state) && (head === null || headOf(pull) === head),
      );
      const items = paged(pulls, query).map((pull) => pullReply(api, pull, "pull-request-simple"));
      return { status: 200, body: items, total: pulls.length };
    },
    [`GET ${base}/pulls/{pull_number}`]: ({ parameters }) => {
      const pull = repository.pulls.find(({ number }) => String(number) === parameters.pull_number);
      return pull === undefined ? faults.notFound : { status: 200, body: pullReply(api, pull, "pull-request") };
    },
    [`GET ${base}/commits/{commit_sha}/pulls`]: ({ parameters, query }) => {
      const pulls = repository.pulls.filter((pull) => pull.head_sha === parameters.commit_sha);
      return { status: 200, body: paged(pulls, query).map((pull) => pullReply(api, pull, "pull-request-simple")) };
    },
  };
}

/** The limits that the description tells in words only. */
function annotationMistake(one: StoredAnnotation): string | null {
  const bytes = (text: string | undefined) => Buffer.byteLength(text ?? "");
  if ((one.title ?? "").length > 255) return "title is too long (maximum is 255 characters)";
  if (bytes(one.message) > 65_536 || bytes(one.raw_details) > 65_536) return "message exceeds a maximum of 64 KB";
  if (one.message === "") return "message is missing";
  if (one.end_line < one.start_line || one.start_line < 1) return "the lines are out of order";
  if (one.start_column !== undefined && one.start_line !== one.end_line) return "columns need one line";
  return /^(?:\/|\.\.?\/)/.test(one.path) ? "path must be relative to the root of the repository" : null;
}
