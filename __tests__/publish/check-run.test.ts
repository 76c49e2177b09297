import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { gitHubClient } from "../../src/github/client.ts";
import { GateError } from "../../src/model/problem.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { type CheckRunHands, checkRunDestination } from "../../src/publish/check-run.ts";
import type { PublishContext } from "../../src/publish/destination.ts";
import { buildReport } from "../../src/report/build-report.ts";
import { noDetail } from "../../src/report/detail.ts";
import type { Report } from "../../src/report/report.ts";
import { type FakeApi, fakeApi } from "../github/fake-api.ts";
import { type Fault, faults } from "../github/faults.ts";
import { handClock } from "../github/hand-clock.ts";
import { ordinaryDrift } from "../report/sample-drifts.ts";
import { emptyRun, matching } from "../report/sample-parts.ts";
import { reportNamed, sampleNames } from "../report/sample-reports.ts";

const sha = "0a1b2c3d".repeat(5);
const creating = "POST /repos/{owner}/{repo}/check-runs";
const updating = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}";
const finding = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs";

let api: FakeApi;
/** How long an answer is waited for; short only where none will come. */
let waitMs: number;
beforeEach(async () => {
  api = await fakeApi();
  waitMs = 20_000;
});
afterEach(() => api.close());

const match = buildReport({ ...emptyRun, results: matching(3) });
/** A drift of so many cases; `from` tells one set of ids from another. */
function drifts(number: number, from = 0): Report {
  const results = Array.from({ length: number }, (_, index) => ({ ...ordinaryDrift, id: `case-${from + index}` }));
  return buildReport({ ...emptyRun, results });
}

const context: PublishContext = {
  files: nodeFiles,
  reportFolder: "report",
  repositoryRoot: process.cwd(),
  runUrl: "https://github.com/team/model/actions/runs/17",
  detail: async () => noDetail,
  signal: new AbortController().signal,
};

function publish(report: Report, hands: Partial<CheckRunHands> = {}) {
  const client = gitHubClient({
    ...{ token: "t0ken", apiUrl: api.url, repository: { owner: "team", repo: "model" } },
    ...{ clock: handClock(), signal: context.signal, userAgent: "test", requestMs: waitMs },
  });
  const given = {
    artifact: null,
    outcome: "fails",
    client,
    headSha: sha,
    name: null,
    job: "gate",
    matrix: null,
  } as const;
  return checkRunDestination({ ...given, ...hands }).publish(report, context);
}

const codesOf = async (work: Promise<unknown>) => {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(GateError);
  return (thrown as GateError).problems.map(({ code }) => code);
};

describe("a check run", () => {
  test("is created once, completed, on the head commit, with the page of the run", async () => {
    expect(await publish(match)).toEqual({ kind: "published", where: expect.stringContaining("/checks/") });
    expect(api.asked).toEqual([finding, creating]);
    expect(api.repository.checkRuns).toMatchObject([
      {
        ...{ head_sha: sha, status: "completed", conclusion: "success", details_url: context.runUrl },
        ...{ name: "Inference Gate: support-assistant", external_id: "inference-gate/gate/support-assistant" },
      },
    ]);
  });

  test("is another one for each job of a matrix: the last one to end does not have the word for all", async () => {
    const [one, other] = [
      { label: "gpu-a, 2", key: "0123456789ab" },
      { label: "gpu-b, 2", key: "ba9876543210" },
    ];
    await publish(drifts(1), { matrix: one });
    await publish(match, { matrix: other });
    // A re-run of both jobs.
    await publish(drifts(1), { matrix: one });
    await publish(match, { matrix: other });
    expect(api.repository.checkRuns).toMatchObject([
      {
        ...{ name: "Inference Gate: support-assistant (gpu-a, 2)", conclusion: "failure", writes: 2 },
        external_id: "inference-gate/gate/support-assistant/0123456789ab",
      },
      {
        ...{ name: "Inference Gate: support-assistant (gpu-b, 2)", conclusion: "success", writes: 2 },
        external_id: "inference-gate/gate/support-assistant/ba9876543210",
      },
    ]);
  });

  test.each([
    [1, 1],
    [60, 2],
    [5000, 6],
  ])("of %i differences has its annotations in batches of fifty", async (number, requests) => {
    await publish(drifts(number));
    const [run] = api.repository.checkRuns;
    expect(run?.annotations.length).toBe(Math.min(number, 280));
    expect(run?.annotations[0]).toMatchObject({
      title: "inference-gate: drift in case-0",
      annotation_level: "failure",
    });
    expect(run?.writes).toBe(requests);
    expect(run?.conclusion).toBe("failure");
    expect(run?.summary.length).toBeLessThanOrEqual(65_535);
  });

  test.each(sampleNames)("of the sample %s is taken by GitHub", async (name) => {
    expect(await publish(reportNamed(name))).toMatchObject({ kind: "published" });
    expect(api.repository.checkRuns).toHaveLength(1);
  });
});

describe("a re-run", () => {
  test("updates the same check run", async () => {
    await publish(match);
    await publish(match);
    expect(api.repository.checkRuns).toHaveLength(1);
    expect(api.repository.checkRuns[0]?.writes).toBe(2);
  });

  test.each([60, 280])("adds none of %i annotations a second time", async (number) => {
    await publish(drifts(number));
    await publish(drifts(number));
    expect(api.repository.checkRuns).toHaveLength(1);
    expect(api.repository.checkRuns[0]?.annotations).toHaveLength(number);
  });

  test("replaces one whose annotations no longer hold: they cannot be removed", async () => {
    await publish(drifts(2));
    await publish(drifts(2, 1));
    expect(api.repository.checkRuns.map(({ annotations }) => annotations.length)).toEqual([2, 2]);
    expect(api.repository.checkRuns.map(({ name }) => name)).toEqual(
      Array(2).fill("Inference Gate: support-assistant"),
    );
    await publish(match);
    expect(api.repository.checkRuns.at(-1)).toMatchObject({ conclusion: "success", annotations: [] });
  });

  test("leaves the check runs of another job alone", async () => {
    await publish(match, { job: "a100", name: "gate on a100" });
    await publish(match, { job: "h100", name: "gate on h100" });
    expect(api.repository.checkRuns.map(({ name, writes }) => [name, writes])).toEqual([
      ["gate on a100", 1],
      ["gate on h100", 1],
    ]);
  });
});

describe("an answer that was lost", () => {
  test.each<[string, string, Fault]>([
    ["of the creation", creating, faults.lost],
    ["of the creation, by an error of GitHub's", creating, faults.internal],
    ["of the first update", updating, faults.lost],
    ["of the first update, by a page of a proxy", updating, faults.proxyPage],
    ["of an update that is silent", updating, faults.silent],
  ])("%s leads to one check run with every annotation once", async (_, operation, fault) => {
    if (fault.kind === "silent") waitMs = 1_000;
    api.fail(operation, fault);
    expect(await publish(drifts(120))).toMatchObject({ kind: "published" });
    expect(api.repository.checkRuns).toHaveLength(1);
    expect(api.repository.checkRuns[0]?.annotations).toHaveLength(120);
  });

  test("again and again is a problem with a code, and what there is is completed", async () => {
    api.failAlways(updating, faults.unavailable);
    expect(await codesOf(publish(drifts(120)))).toEqual(["github/no-answer"]);
    expect(api.repository.checkRuns).toMatchObject([{ status: "completed", conclusion: "failure" }]);
  });
});

describe("a token", () => {
  test("that may only read leads to one sentence and no failure", async () => {
    api.failAlways(creating, faults.readOnly);
    expect(await publish(drifts(1))).toEqual({
      kind: "skipped",
      reason:
        "The token may not write check runs (checks=write), as is usual for pull requests from forks and of Dependabot: " +
        "the verdict is in the annotations and in the step summary.",
    });
  });

  test.each<[string, Fault, string]>([
    ["that GitHub does not know", faults.badCredentials, "github/token-refused"],
    ["of another repository", faults.notFound, "github/not-there"],
    ["whose limit lasts longer than we wait", faults.tooManyRequests(3600), "github/limit-reached"],
    ["with a request that GitHub finds wrong", faults.tooManyAnnotations, "github/refused"],
    ["in a conflict", faults.conflict, "github/refused"],
  ])("%s is a problem with a code", async (_, fault, code) => {
    api.failAlways(creating, fault);
    expect(await codesOf(publish(drifts(1)))).toEqual([code]);
  });

  test("that is not there, or no commit, is told of", async () => {
    expect(await publish(match, { client: null })).toMatchObject({ kind: "skipped" });
    expect(await publish(match, { headSha: null })).toMatchObject({ kind: "skipped" });
    expect(api.asked).toEqual([]);
  });
});
