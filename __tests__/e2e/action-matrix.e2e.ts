/** The action in the jobs of a matrix, by a real client, with GitHub's API behind it: each has a check, a comment and an artifact of its own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type FakeApi, fakeApi } from "../github/fake-api.ts";
import { type Act, expression, openAct } from "./act/act.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { script, writeSuite } from "./words-suite.ts";

let gate: Gate;
let act: Act;
let api: FakeApi;
/** Three goldens, from which alpha differs and beta does not. */
let drifted: Place;

beforeAll(async () => {
  gate = buildGate();
  act = await openAct(gate.dist);
  drifted = gate.place();
  writeSuite(drifted);
  expect((await drifted.run(["record"])).code).toBe(0);
  script(drifted, ["alpha: { generate: { change_at: 7 } }"]);
}, 300_000);
afterAll(() => {
  act?.remove();
  gate?.remove();
});
beforeEach(async () => {
  api = await fakeApi({ token: "ghs_scratchTokenOfTheTests" });
});
afterEach(() => api.close());

function pullRequest(matrix: { readonly [name: string]: readonly unknown[] }) {
  const repo = { full_name: "team/model" };
  const [head, base] = ["0a1b2c3d".repeat(5), "f".repeat(40)].map((sha) => ({ sha, repo, ref: "change" }));
  return act.run(drifted, {
    matrix,
    inputs: { "check-run": "true", comment: "true", cases: expression("matrix.case") },
    event: { name: "pull_request", payload: { repository: repo, pull_request: { number: 5, head, base } } },
    env: { GITHUB_API_URL: api.url, GITHUB_REPOSITORY: "team/model" },
  });
}

const checks = () => api.repository.checkRuns.map(({ name, conclusion }) => `${name}: ${conclusion}`).sort();
const artifacts = (files: ReadonlyMap<string, string>) =>
  [...files]
    .flatMap(([path, text]) => (path.endsWith("/report.json") ? [[path, JSON.parse(text).verdict]] : []))
    .sort();

test("each job has a check, a comment and an artifact of its own: a match does not hide the drift of another one", async () => {
  const run = await pullRequest({ case: ["alpha", "beta"], gpu: ["gpu-a"] });
  expect(run.conclusion).toBe("failure");
  expect(checks()).toEqual([
    "Inference Gate: words (alpha, gpu-a): failure",
    "Inference Gate: words (beta, gpu-a): success",
  ]);
  expect(new Set(api.repository.checkRuns.map(({ external_id }) => external_id)).size).toBe(2);
  const comments = api.repository.comments.map(({ body }) => [
    /^## .{1,3} (\w+)/m.exec(body)?.[1],
    / · (\w+, gpu-a) · /.exec(body)?.[1],
  ]);
  expect(comments.sort()).toEqual([
    ["DRIFT", "alpha, gpu-a"],
    ["MATCH", "beta, gpu-a"],
  ]);
  expect(artifacts(run.artifacts)).toEqual([
    ["inference-gate-report-alpha,gpu-a/report.json", "drift"],
    ["inference-gate-report-beta,gpu-a/report.json", "match"],
  ]);
  // And in the next attempt the same ones.
  await pullRequest({ case: ["alpha", "beta"], gpu: ["gpu-a"] });
  expect(checks()).toHaveLength(2);
  expect(api.repository.comments).toHaveLength(2);
});

test("hostile values run nothing, become no markup, and keep the jobs apart", async () => {
  const trap = join(drifted.folder, "trapped");
  const hostile = [
    `$(touch ${trap})\`touch ${trap}\`'; "}) ::error::x`,
    "<img src=x> @octocat\n::set-output name=a::b",
  ];
  const run = await pullRequest({ case: ["alpha"], word: hostile });
  expect(existsSync(trap)).toBe(false);
  expect(run.annotations.map(({ message }) => message)).not.toContain("x");
  expect(new Set(checks()).size).toBe(2);
  expect(artifacts(run.artifacts).map(([, verdict]) => verdict)).toEqual(["drift", "drift"]);
  expect(api.repository.comments).toHaveLength(2);
  for (const { body } of api.repository.comments) expect(body).not.toMatch(/<img|@octocat/);
});
