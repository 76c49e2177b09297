import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { gitHubClient } from "../../src/github/client.ts";
import { GateError } from "../../src/model/problem.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { type CommentHands, commentDestination } from "../../src/publish/comment.ts";
import type { PublishContext } from "../../src/publish/destination.ts";
import { buildReport } from "../../src/report/build-report.ts";
import { noDetail } from "../../src/report/detail.ts";
import { commentMarker } from "../../src/report/render/comment.ts";
import type { Report } from "../../src/report/report.ts";
import { type FakeApi, fakeApi } from "../github/fake-api.ts";
import { type Fault, faults } from "../github/faults.ts";
import { handClock } from "../github/hand-clock.ts";
import { ordinaryDrift } from "../report/sample-drifts.ts";
import { emptyRun, matching } from "../report/sample-parts.ts";

const creating = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
const updating = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";

let api: FakeApi;
/** How long an answer is waited for; short only where none will come. */
let waitMs: number;
beforeEach(async () => {
  api = await fakeApi();
  waitMs = 20_000;
});
afterEach(() => api.close());

const match = buildReport({ ...emptyRun, results: matching(3) });
function drifts(number: number): Report {
  const results = Array.from({ length: number }, (_, index) => ({ ...ordinaryDrift, id: `case-${index}` }));
  return buildReport({ ...emptyRun, results });
}

const signal = new AbortController().signal;
const context: PublishContext = {
  ...{ files: nodeFiles, reportFolder: "report", repositoryRoot: process.cwd(), signal },
  detail: async () => noDetail,
  runUrl: "https://github.com/team/model/actions/runs/17",
};

function publish(report: Report, hands: Partial<CommentHands> = {}) {
  const client = gitHubClient({
    ...{ token: "t0ken", apiUrl: api.url, repository: { owner: "team", repo: "model" } },
    ...{ clock: handClock(), signal, userAgent: "test", requestMs: waitMs },
  });
  const given = {
    artifact: null,
    outcome: "fails",
    client,
    pull: 5,
    headSha: "a".repeat(40),
    job: "gate",
    name: null,
    matrix: null,
  } as const;
  return commentDestination({ ...given, ...hands }).publish(report, context);
}

const comments = () => api.repository.comments.map(({ body, writes }) => ({ heading: body.split("\n")[1], writes }));

describe("the comment", () => {
  test("is not written for a match", async () => {
    expect(await publish(match)).toMatchObject({ kind: "skipped" });
    expect(comments()).toEqual([]);
  });

  test("is written once, and left alone while nothing changes", async () => {
    await publish(drifts(2));
    expect(await publish(drifts(2), { headSha: "b".repeat(40) })).toMatchObject({ kind: "published" });
    expect(comments()).toEqual([{ heading: "## ❌ DRIFT: 2 of 2 cases differ from their goldens", writes: 1 }]);
  });

  test("is updated when something changed, and resolved by the next match", async () => {
    await publish(drifts(2));
    await publish(drifts(5000));
    expect(comments()).toEqual([{ heading: expect.stringContaining("5,000 of 5,000"), writes: 2 }]);
    await publish(match);
    expect(comments()).toEqual([{ heading: "## ✅ Resolved: all 3 cases equal their goldens", writes: 3 }]);
    await publish(match);
    expect(comments()[0]?.writes).toBe(3);
    await publish(drifts(1));
    expect(comments()).toEqual([{ heading: expect.stringContaining("DRIFT"), writes: 4 }]);
  });

  test("is found behind a hundred others", async () => {
    for (let id = 1; id <= 150; id += 1)
      api.repository.comments.push({ id, issue: 5, author: "octocat", body: "me too", writes: 1 });
    await publish(drifts(1));
    await publish(drifts(2));
    expect(comments().filter(({ heading }) => heading?.includes("DRIFT"))).toEqual([
      { heading: expect.stringContaining("2 of 2"), writes: 2 },
    ]);
  });

  test("is never that of somebody else who wrote our marker", async () => {
    const body = `${commentMarker("gate/support-assistant")}\n## all is well`;
    api.repository.comments.push({ id: 1, issue: 5, author: "octocat", body, writes: 1 });
    await publish(drifts(1));
    expect(api.repository.comments.map(({ author, writes }) => [author, writes])).toEqual([
      ["octocat", 1],
      ["github-actions[bot]", 1],
    ]);
  });

  test("is one for each job", async () => {
    await publish(drifts(1), { job: "a100" });
    await publish(drifts(1), { job: "h100" });
    expect(comments()).toHaveLength(2);
  });

  test("is one for each name that was given: the match of one resolves no other's drift", async () => {
    await publish(drifts(1), { name: "Gate a100" });
    expect(await publish(match, { name: "Gate h100" })).toMatchObject({ kind: "skipped" });
    expect(comments()).toEqual([{ heading: expect.stringContaining("DRIFT"), writes: 1 }]);
  });

  test("is one for each job of a matrix, and says which: the match of one resolves no other's drift", async () => {
    const job = (label: string, key: string) => ({ matrix: { label, key } });
    await publish(drifts(1), job("a100, 2", "aaaaaaaaaaaa"));
    expect(await publish(match, job("h100, 2", "bbbbbbbbbbbb"))).toMatchObject({ kind: "skipped" });
    await publish(drifts(2), job("h100, 2", "bbbbbbbbbbbb"));
    expect(comments()).toEqual([
      { heading: expect.stringContaining("DRIFT: 1 of 1"), writes: 1 },
      { heading: expect.stringContaining("DRIFT"), writes: 1 },
    ]);
    expect(api.repository.comments[1]?.body).toMatch(/<sub>Judged commit a{12} · h100, 2 · /);
  });

  test("is found when GitHub does not tell whose the token is", async () => {
    api.failAlways("POST /graphql", faults.readOnly);
    await publish(drifts(1));
    await publish(drifts(2));
    expect(comments()).toHaveLength(1);
  });
});

describe("an answer that was lost", () => {
  test.each<[string, string, Fault]>([
    ["of the creation", creating, faults.lost],
    ["of the creation, which was not done", creating, faults.cut],
    ["of an update", updating, faults.lost],
    ["of an update that is silent", updating, faults.silent],
  ])("%s leads to one comment", async (_, operation, fault) => {
    if (operation === updating) await publish(drifts(1));
    if (fault.kind === "silent") waitMs = 1_000;
    api.fail(operation, fault);
    expect(await publish(drifts(2))).toMatchObject({ kind: "published" });
    expect(comments()).toEqual([{ heading: expect.stringContaining("2 of 2"), writes: expect.any(Number) }]);
  });

  test("again and again is a problem with a code", async () => {
    api.failAlways(creating, faults.internal);
    const thrown = await publish(drifts(1)).then(
      () => null,
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(GateError);
    expect((thrown as GateError).problems.map(({ code }) => code)).toEqual(["github/no-answer"]);
  });
});

test("a token that may only read leads to one sentence and no failure", async () => {
  api.failAlways(creating, faults.readOnly);
  expect(await publish(drifts(1))).toEqual({
    kind: "skipped",
    reason: expect.stringMatching(/^The token may not write comments .* in the annotations and in the step summary\.$/),
  });
});

test("without a pull request there is none", async () => {
  expect(await publish(drifts(1), { pull: null })).toMatchObject({ kind: "skipped" });
  expect(api.asked).toEqual([]);
});
