/** The action on a pull request, by a real client, with GitHub's API behind it: check run, comment, and goldens of its own. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type FakeApi, fakeApi } from "../github/fake-api.ts";
import { faults } from "../github/faults.ts";
import { type Act, openAct, type WorkflowRun } from "./act/act.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { script, writeSuite } from "./words-suite.ts";

let gate: Gate;
let act: Act;
let api: FakeApi;
let recorded: Place;

const headSha = "0a1b2c3d".repeat(5);

beforeAll(async () => {
  gate = buildGate();
  act = await openAct(gate.dist);
  recorded = gate.place();
  writeSuite(recorded);
  expect((await recorded.run(["record"])).code).toBe(0);
}, 300_000);
afterAll(() => {
  act?.remove();
  gate?.remove();
});
beforeEach(async () => {
  api = await fakeApi({ token: "ghs_scratchTokenOfTheTests" });
});
afterEach(() => api.close());

function pullRequest(place: Place, inputs: { readonly [name: string]: string }): Promise<WorkflowRun> {
  const repo = { full_name: "team/model" };
  const payload = {
    repository: repo,
    pull_request: {
      number: 5,
      head: { sha: headSha, repo, ref: "change" },
      base: { sha: "f".repeat(40), repo, ref: "main" },
    },
  };
  return act.run(place, {
    inputs: { "check-run": "true", comment: "true", ...inputs },
    event: { name: "pull_request", payload },
    env: { GITHUB_API_URL: api.url, GITHUB_REPOSITORY: "team/model" },
  });
}

describe("a drift in a pull request", () => {
  test("is a failed check on the reviewed commit and one comment; the next match resolves both", async () => {
    const place = gate.place(recorded);
    script(place, ["alpha: { generate: { change_at: 7 } }"]);
    expect(await pullRequest(place, {})).toMatchObject({ conclusion: "failure" });
    expect(api.repository.checkRuns).toMatchObject([
      { name: "Inference Gate: words", head_sha: headSha, status: "completed", conclusion: "failure" },
    ]);
    expect(api.repository.checkRuns[0]?.annotations).toMatchObject([
      { path: expect.stringMatching(/^inference-gate\/goldens\/.*alpha\.json$/), annotation_level: "failure" },
      { annotation_level: "warning" },
    ]);
    expect(api.repository.comments).toMatchObject([{ issue: 5, body: expect.stringContaining("DRIFT: 1 of 3 cases") }]);
    expect(await pullRequest(recorded, {})).toMatchObject({ conclusion: "success" });
    expect(api.repository.checkRuns.at(-1)).toMatchObject({
      conclusion: "success",
      annotations: [{ annotation_level: "warning" }],
    });
    expect(api.repository.comments).toMatchObject([{ body: expect.stringContaining("## ✅ Resolved"), writes: 2 }]);
  });

  test("with a token that may only read: annotations and summary, one sentence, and the verdict stands", async () => {
    api.failAlways("POST /repos/{owner}/{repo}/check-runs", faults.readOnly);
    const run = await pullRequest(recorded, { comment: "false" });
    expect(run.conclusion).toBe("success");
    expect(run.log).toContain("No check run: The token may not write check runs (checks=write)");
    expect(run.summary).toContain("MATCH");
  });
});

test("a base that nobody can read is a warning wherever a reviewer looks, and refused where the policy was asked for", async () => {
  const warned = await pullRequest(recorded, {});
  const sentence = "The goldens of this change were not compared with those of its base.";
  expect(warned.conclusion).toBe("success");
  expect(warned.annotations).toMatchObject([{ command: "warning", message: expect.stringContaining(sentence) }]);
  expect(warned.summary).toContain(sentence);
  expect(api.repository.checkRuns).toMatchObject([
    {
      conclusion: "success",
      summary: expect.stringContaining(sentence),
      annotations: [{ annotation_level: "warning" }],
    },
  ]);
  expect(api.repository.comments).toMatchObject([{ body: expect.stringContaining(sentence) }]);
  expect(JSON.parse(warned.artifacts.get("inference-gate-report/report.json") ?? "{}").warnings).toMatchObject([
    { code: "goldens/not-compared-with-base", help: expect.arrayContaining([expect.stringContaining("fetch-depth")]) },
  ]);
  expect(warned.artifacts.get("inference-gate-report/report.html")).toContain(sentence);
  const refused = await pullRequest(recorded, { "accept-changes": "with-reason" });
  expect(refused.conclusion).toBe("failure");
  expect(refused.log).toContain("[goldens/base-not-there]");
});
