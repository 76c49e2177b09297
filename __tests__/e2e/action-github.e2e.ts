/** The action on a pull request, by a real client, with GitHub's API behind it: check run, comment, and goldens of its own. */
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type FakeApi, fakeApi } from "../github/fake-api.ts";
import { faults } from "../github/faults.ts";
import { type Act, type Asked, openAct, type WorkflowRun } from "./act/act.ts";
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

/** `over`: the commit that it is to be merged into, and who is told of the one that is checked out. */
function pullRequest(
  place: Place,
  inputs: { readonly [name: string]: string },
  { base = "f".repeat(40), ...over }: Pick<Asked, "onCommitted"> & { readonly base?: string } = {},
): Promise<WorkflowRun> {
  const repo = { full_name: "team/model" };
  const payload = {
    repository: repo,
    pull_request: {
      number: 5,
      head: { sha: headSha, repo, ref: "change" },
      base: { sha: base, repo, ref: "main" },
    },
  };
  return act.run(place, {
    ...over,
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

describe("goldens of a change whose base the clone does not hold", () => {
  /** GitHub's repository; a clone of one commit is checked. */
  let origin: Place;
  let shallow: Place;
  let base = "";

  const git = (place: Place, ...words: readonly string[]) => {
    const who = ["-c", "user.name=me", "-c", "user.email=me@example.org", "-c", "init.defaultBranch=main"];
    const ran = spawnSync("git", ["-C", place.folder, ...who, ...words], { encoding: "utf8" });
    expect(ran.stderr).toBe("");
    return ran.stdout.trim();
  };
  const commit = (place: Place) => {
    git(place, "add", ".");
    git(place, "commit", "-qm", "one");
  };

  beforeAll(async () => {
    origin = gate.place(recorded);
    git(origin, "init", "-q");
    commit(origin);
    base = git(origin, "rev-parse", "HEAD");
    git(origin, "switch", "-qc", "change");
    script(origin, ["alpha: { generate: { change_at: 7 } }"]);
    expect((await origin.run(["record", "--mode", "all", "--reason", "a new style guide"])).code).toBe(0);
    commit(origin);
    shallow = gate.place();
    git(shallow, "clone", "-q", "--depth=1", "--branch=change", `file://${origin.folder}`, ".");
  });
  beforeEach(() => {
    api.repository.git = origin.folder;
  });

  /** The commit that act checks out is one more, as a merge commit is, and GitHub has it. */
  const onCommitted = (folder: string) =>
    cpSync(join(folder, ".git", "objects"), join(origin.folder, ".git", "objects"), { recursive: true });

  test("are compared with those that GitHub tells of", async () => {
    const run = await pullRequest(shallow, {}, { base, onCommitted });
    expect(run.conclusion).toBe("success");
    expect(run.annotations).toEqual([]);
    expect(run.summary).toContain("### This change re-records 3 cases");
    expect(run.summary).toContain("a new style guide");
  });

  test("are refused by a policy that does not allow them", async () => {
    const run = await pullRequest(shallow, { "accept-changes": "never" }, { base, onCommitted });
    expect(run.conclusion).toBe("failure");
    expect(run.log).toContain("[goldens/changed-against-policy]");
  });

  test("are a warning where the token may not read the code, and refused where a policy was asked for", async () => {
    api.failAlways("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", faults.readOnly);
    const warned = await pullRequest(shallow, {}, { base, onCommitted });
    expect(warned.conclusion).toBe("success");
    expect(warned.annotations).toMatchObject([
      { command: "warning", message: expect.stringContaining("Resource not accessible by integration") },
    ]);
    const refused = await pullRequest(shallow, { "accept-changes": "always" }, { base, onCommitted });
    expect(refused.conclusion).toBe("failure");
    expect(refused.log).toContain("[goldens/base-not-there]");
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
