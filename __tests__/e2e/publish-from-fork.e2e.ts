/** The two workflows of a pull request from a fork, as the examples have them, by a real client: one runs it and may only read, the other shows it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type FakeApi, fakeApi } from "../github/fake-api.ts";
import { faults } from "../github/faults.ts";
import { zipOf } from "../github/zip.ts";
import { type Act, type ActRun, openAct } from "./act/act.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { script, writeSuite } from "./words-suite.ts";

let gate: Gate;
let act: Act;
let api: FakeApi;
/** The pull request: three goldens, from one of which the engine differs. */
let proposed: Place;
/** The commit that it is to be merged into. */
let base = "";
/** What the default branch holds; nothing of it is needed to show a report. */
let trusted: Place;

const headSha = "0a1b2c3d".repeat(5);
const fork = { full_name: "stranger/model" };
const repository = { full_name: "team/model" };
const writing = ["POST /repos/{owner}/{repo}/check-runs", "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"];

const publishing = readFileSync("examples/publish-from-fork.yml", "utf8");
/** The gate's workflow as it is, without a line that is newer than act. */
const refusing = changed(readFileSync("examples/pull-request-gate.yml", "utf8"), "      queue: max\n", "");
const noFork = "    if: github.event.pull_request.head.repo.full_name == github.repository\n";
const policy = "          accept-changes: with-reason\n";
/** With the two changes that publish-from-fork.yml asks for. */
const gating = changed(changed(refusing, noFork, ""), policy, `${policy}          allow-forks: true\n`);

function changed(text: string, from: string, to: string): string {
  expect(text.split(from)).toHaveLength(2);
  return text.replace(from, to);
}

beforeAll(async () => {
  gate = buildGate();
  act = await openAct(gate.dist);
  proposed = gate.place();
  writeSuite(proposed);
  expect((await proposed.run(["record"])).code).toBe(0);
  const git = (...words: readonly string[]) => {
    const who = ["-c", "user.name=me", "-c", "user.email=me@example.org", "-c", "init.defaultBranch=main"];
    return spawnSync("git", ["-C", proposed.folder, ...who, ...words], { encoding: "utf8" }).stdout.trim();
  };
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "goldens");
  base = git("rev-parse", "HEAD");
  script(proposed, ["alpha: { generate: { change_at: 7 } }"]);
  trusted = gate.place();
  trusted.write("README.md", "A repository.\n");
}, 300_000);
afterAll(() => {
  act?.remove();
  gate?.remove();
});
beforeEach(async () => {
  api = await fakeApi({ token: "ghs_scratchTokenOfTheTests" });
});
afterEach(() => api.close());

const env = () => ({ GITHUB_API_URL: api.url, GITHUB_REPOSITORY: "team/model" });

/** With a token that may only read, as GitHub gives it to a fork. */
async function unprivileged(workflow: string): Promise<ActRun> {
  for (const operation of writing) api.failAlways(operation, faults.readOnly);
  const head = { sha: headSha, repo: fork, ref: "change" };
  const pull = { number: 5, head, base: { sha: base, repo: repository, ref: "main" } };
  const payload = { repository, pull_request: pull };
  const run = await act.runWorkflow(proposed, workflow, { event: { name: "pull_request", payload }, env: env() });
  api.heal();
  expect(api.repository.checkRuns).toEqual([]);
  return run;
}

/** GitHub keeps what the run has uploaded. */
function keep(run: ActRun, head_repository = fork.full_name): void {
  const about = { head_sha: headSha, head_repository, head_branch: "change" };
  api.repository.runs.push({ id: 17, event: "pull_request", path: ".github/workflows/gate.yml", ...about });
  api.repository.pulls.push({ number: 5, state: "open", ...about });
  const names = new Set([...run.artifacts.keys()].map((path) => path.split("/")[0] ?? ""));
  for (const [index, name] of [...names].entries()) {
    const files = [...run.artifacts].filter(([path]) => path.startsWith(`${name}/`));
    const zip = zipOf(files.map(([path, content]) => ({ name: path.slice(name.length + 1), content })));
    api.repository.artifacts.push({ id: 7 + index, run: 17, name, zip, expired: false });
  }
}

function privileged(of: { readonly full_name: string }, login = "mia"): Promise<ActRun> {
  const workflow_run = { id: 17, event: "pull_request", head_repository: of, actor: { login }, head_sha: headSha };
  return act.runWorkflow(trusted, publishing, {
    event: { name: "workflow_run", payload: { action: "completed", repository, workflow_run } },
    env: env(),
  });
}

describe("a pull request from a fork", () => {
  test("is checked without any right to write, and what it uploaded is shown as check run and comment", async () => {
    const checked = await unprivileged(gating);
    expect(checked.results).toEqual(["failure", "failure"]);
    expect(checked.log).toContain("No check run: The token may not write check runs");
    expect([...checked.artifacts.keys()]).toContain("inference-gate-report/report.json");
    keep(checked);

    const shown = await privileged(fork);
    expect(shown.log).toContain(`Run 17, commit ${headSha.slice(0, 12)}: drift`);
    expect(shown.results).toEqual(["success"]);
    expect(api.repository.checkRuns).toMatchObject([
      { name: "Inference Gate: words (as uploaded)", head_sha: headSha, status: "completed", conclusion: "failure" },
    ]);
    expect(api.repository.comments).toMatchObject([
      { issue: 5, body: expect.stringContaining("DRIFT: 1 of 3 cases differs from its golden") },
    ]);
  });

  test("that was refused shows why it was", async () => {
    const refused = await unprivileged(changed(refusing, noFork, ""));
    expect(refused.log).not.toContain("Starting scripted");
    keep(refused);
    expect((await privileged(fork)).results).toEqual(["success"]);
    expect(api.repository.comments).toMatchObject([
      { body: expect.stringContaining("Pull requests from forks are not run on this machine.") },
    ]);
  });

  test("whose run uploaded nothing fails the job that would show it, and shows nothing", async () => {
    // Forks are not run by the example as it is.
    const skipped = await unprivileged(refusing);
    expect(skipped.results).toEqual(["failure"]);
    keep(skipped);
    const shown = await privileged(fork);
    expect(shown.results).toEqual(["failure"]);
    expect(shown.log).toContain("[artifacts/none]");
    expect(api.repository.checkRuns).toEqual([]);
    expect(api.repository.comments).toEqual([]);
  });
});

test("a pull request of the repository's own people is not shown a second time, one of Dependabot is shown", async () => {
  keep(await unprivileged(gating), repository.full_name);
  expect((await privileged(repository)).results).toEqual([]);
  expect(api.repository.checkRuns).toEqual([]);
  expect((await privileged(repository, "dependabot[bot]")).results).toEqual(["success"]);
  expect(api.repository.checkRuns).toHaveLength(1);
});
