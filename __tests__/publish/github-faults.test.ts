/** Each way in which GitHub does not do what it was asked, met by both surfaces that are written there. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GitHubClient, gitHubClient } from "../../src/github/client.ts";
import { GateError } from "../../src/model/problem.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { checkRunDestination } from "../../src/publish/check-run.ts";
import { commentDestination } from "../../src/publish/comment.ts";
import type { Destination, PublishContext } from "../../src/publish/destination.ts";
import { buildReport } from "../../src/report/build-report.ts";
import { noDetail } from "../../src/report/detail.ts";
import { type FakeApi, fakeApi } from "../github/fake-api.ts";
import { type Fault, faults } from "../github/faults.ts";
import { handClock } from "../github/hand-clock.ts";
import { ordinaryDrift } from "../report/sample-drifts.ts";
import { emptyRun } from "../report/sample-parts.ts";

const signal = new AbortController().signal;
const context: PublishContext = {
  ...{ files: nodeFiles, reportFolder: "report", repositoryRoot: process.cwd(), signal },
  detail: async () => noDetail,
  runUrl: "https://github.com/team/model/actions/runs/17",
};
const hands = {
  artifact: null,
  outcome: "fails",
  headSha: "a".repeat(40),
  name: null,
  job: "gate",
  matrix: null,
} as const;

interface Surface {
  readonly name: string;
  readonly make: (client: GitHubClient) => Destination;
  /** What writes it, in GitHub's words. */
  readonly creating: string;
  readonly updating: string;
  /** What stands at GitHub. */
  readonly there: () => readonly unknown[];
}

let api: FakeApi;
/** How long an answer is waited for; short only where none will come. */
let waitMs: number;
beforeEach(async () => {
  api = await fakeApi();
  waitMs = 20_000;
});
afterEach(() => api.close());

const surfaces: readonly Surface[] = [
  {
    name: "the check run",
    make: (client) => checkRunDestination({ ...hands, client }),
    creating: "POST /repos/{owner}/{repo}/check-runs",
    updating: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
    there: () => api.repository.checkRuns,
  },
  {
    name: "the comment",
    make: (client) => commentDestination({ ...hands, client, pull: 5 }),
    creating: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    updating: "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
    there: () => api.repository.comments,
  },
];

const now = handClock().now() / 1000;

/** Once met, all is well in the end. */
const passing: readonly [string, Fault][] = [
  ["429 with retry-after", faults.tooManyRequests(7)],
  ["a secondary limit with retry-after", faults.secondaryLimit(3)],
  ["a secondary limit without one", faults.secondaryLimit(null)],
  ["the limit of the hour, soon over", faults.primaryLimit(now + 30)],
  ["500", faults.internal],
  ["503", faults.unavailable],
  ["the page of a proxy", faults.proxyPage],
  ["a cut connection", faults.cut],
  ["an answer that was lost on the way", faults.lost],
  ["no answer at all", faults.silent],
  ["an answer that is too slow", faults.slow],
];

/** Met again and again, they are a problem with a code, or one sentence. */
const lasting: readonly [string, Fault, string][] = [
  ["401", faults.badCredentials, "github/token-refused"],
  ["404", faults.notFound, "github/not-there"],
  ["409", faults.conflict, "github/refused"],
  ["422, too many annotations", faults.tooManyAnnotations, "github/refused"],
  ["429 for an hour", faults.tooManyRequests(3600), "github/limit-reached"],
  ["a secondary limit for an hour", faults.secondaryLimit(3600), "github/limit-reached"],
  ["a secondary limit that never ends", faults.secondaryLimit(null), "github/limit-reached"],
  ["the limit of the hour", faults.primaryLimit(now + 1800), "github/limit-reached"],
  ["500", faults.internal, "github/no-answer"],
  ["the page of a proxy", faults.proxyPage, "github/no-answer"],
  ["a cut connection", faults.cut, "github/no-answer"],
  ["no answer at all", faults.silent, "github/no-answer"],
];

describe.each(surfaces)("$name", ({ make, creating, updating, there }) => {
  const drifts = (number: number) =>
    buildReport({
      ...emptyRun,
      results: Array.from({ length: number }, (_, index) => ({ ...ordinaryDrift, id: `case-${index}` })),
    });
  const publish = (number: number) => {
    const client = gitHubClient({
      ...{ token: "t0ken", apiUrl: api.url, repository: { owner: "team", repo: "model" } },
      ...{ clock: handClock(), signal, userAgent: "test", requestMs: waitMs },
    });
    return make(client).publish(drifts(number), context);
  };
  const codesOf = (work: Promise<unknown>) =>
    work.then(
      (outcome) => outcome,
      (error: unknown) => (error instanceof GateError ? error.problems.map(({ code }) => code) : error),
    );
  const meet = (operation: string, fault: Fault) => {
    if (fault.kind === "silent") waitMs = 1_000;
    return (always: "once" | "always") =>
      always === "once" ? api.fail(operation, fault) : api.failAlways(operation, fault);
  };

  test.each(passing)("is created once after %s", async (_, fault) => {
    meet(creating, fault)("once");
    expect(await publish(120)).toMatchObject({ kind: "published" });
    expect(there()).toHaveLength(1);
  });

  test.each(passing)("is updated after %s", async (_, fault) => {
    await publish(1);
    meet(updating, fault)("once");
    expect(await publish(120)).toMatchObject({ kind: "published" });
    expect(there()).toHaveLength(1);
  });

  test.each(lasting)("with %s again and again is given up with a code", async (_, fault, code) => {
    meet(creating, fault)("always");
    expect(await codesOf(publish(1))).toEqual([code]);
    expect(there()).toEqual([]);
  });

  test("leads to one sentence with a token that may only read", async () => {
    meet(creating, faults.readOnly)("always");
    expect(await publish(1)).toEqual({ kind: "skipped", reason: expect.stringMatching(/^The token may not write /) });
    expect(there()).toEqual([]);
  });
});
