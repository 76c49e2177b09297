/** `publish` and `accept --run` on the command line, with GitHub's API behind them: the real upload of a check, and hostile ones. */
import { spawnSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type FakeApi, fakeApi } from "../github/fake-api.ts";
import { faults } from "../github/faults.ts";
import { type ZipFile, zipOf } from "../github/zip.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { files, recordedFiles, script, writeSuite } from "./words-suite.ts";

let gate: Gate;
let api: FakeApi;
/** A repository with three goldens, in which a whole check has found that alpha differs. */
let drifted: Place;
let head = "";

const git = (place: Place, ...words: readonly string[]) => {
  const who = ["-c", "user.name=me", "-c", "user.email=me@example.org", "-c", "init.defaultBranch=change"];
  return spawnSync("git", ["-C", place.folder, ...who, ...words], { encoding: "utf8" }).stdout.trim();
};

beforeAll(async () => {
  gate = buildGate();
  drifted = gate.place();
  writeSuite(drifted);
  expect((await drifted.run(["record"])).code).toBe(0);
  script(drifted, ["alpha: { generate: { change_at: 7 } }"]);
  git(drifted, "init", "-q");
  git(drifted, "add", ".");
  git(drifted, "commit", "-qm", "one");
  head = git(drifted, "rev-parse", "HEAD");
  const checked = ["check", "--keep-going", "--transcript", "upload/transcript.jsonl", "--json", "upload/report.json"];
  expect((await drifted.run(checked)).code).toBe(1);
});
afterAll(() => gate.remove());
beforeEach(async () => {
  api = await fakeApi();
  api.repository.runs.push({
    ...{ id: 17, head_sha: head, event: "pull_request", path: ".github/workflows/gate.yml" },
    ...{ head_repository: "Team/model", head_branch: "change" },
  });
  api.repository.pulls.push({
    number: 5,
    head_sha: head,
    head_repository: "Team/model",
    head_branch: "change",
    state: "open",
  });
});
afterEach(() => api.close());

const env = () => ({ GITHUB_TOKEN: "t0ken", GITHUB_REPOSITORY: "team/model", GITHUB_API_URL: api.url });

/** The run is one of a stranger's fork. */
function ofFork(): void {
  const fork = { head_repository: "stranger/model" };
  api.repository.runs = api.repository.runs.map((run) => ({ ...run, ...fork }));
  api.repository.pulls = api.repository.pulls.map((pull) => ({ ...pull, ...fork }));
}

/** What the run has uploaded: the files of the check, or those that are given. */
function upload(over: readonly ZipFile[] = [], name = "inference-gate-report"): void {
  const own = ["report.json", "transcript.jsonl"].map((name) => ({ name, content: drifted.read(`upload/${name}`) }));
  const kept = own.filter(({ name }) => !over.some((one) => one.name === name));
  api.repository.artifacts.push({
    id: 7 + api.repository.artifacts.length,
    run: 17,
    name,
    zip: zipOf([...kept, ...over]),
    expired: false,
  });
}

describe("publish", () => {
  const publish = (...words: readonly string[]) => gate.place().run(["publish", "--run", "17", ...words], env());

  beforeEach(() => ofFork());

  test("shows what an unprivileged run has uploaded, on the commit that GitHub names", async () => {
    upload();
    const { code, out } = await publish("--comment");
    expect(out).toContain(`Run 17, commit ${head.slice(0, 12)}: drift\n  check run: http`);
    expect(code).toBe(0);
    expect(api.repository.checkRuns).toMatchObject([
      { name: "Inference Gate: words (as uploaded)", head_sha: head, conclusion: "failure", status: "completed" },
    ]);
    expect(api.repository.comments).toMatchObject([{ issue: 5, body: expect.stringContaining("DRIFT: 1 of 3 cases") }]);
  });

  test("takes commit and pull request from GitHub, whatever the report says of them", async () => {
    const report = JSON.parse(drifted.read("upload/report.json"));
    const lies = {
      ...report,
      commit: "f".repeat(40),
      suite: { ...report.suite, name: "<img src=x> @octocat \u001b[31m" },
    };
    upload([{ name: "report.json", content: JSON.stringify(lies) }]);
    expect((await publish("--comment")).code).toBe(0);
    expect(api.repository.checkRuns[0]?.head_sha).toBe(head);
    const [comment] = api.repository.comments;
    expect(comment?.body).not.toMatch(/<img|@octocat|ffffffffffff|\u001b/);
    expect(comment?.body.split("\n")[0]).toMatch(/^<!-- inference-gate comment [\w.!~*'()%]* -->$/);
  });

  test("comments nowhere when the pull request has moved on", async () => {
    upload();
    for (const pull of api.repository.pulls) pull.head_sha = "e".repeat(40);
    const { code, out } = await publish("--comment");
    expect(code).toBe(0);
    expect(out).toContain("no comment:");
    expect(api.repository.comments).toEqual([]);
  });

  test.each<[string, ZipFile, string]>([
    ["no JSON", { name: "report.json", content: "{" }, "report/not-json"],
    ["another shape", { name: "report.json", content: '{"version":1,"verdict":"match"}' }, "report/not-a-report"],
    ["more fields", { name: "report.json", content: '{"version":1,"verdict":"match","x":1}' }, "report/not-a-report"],
    ["a name that leads out", { name: "../report.json", content: "{}" }, "artifacts/broken"],
  ])("writes nothing for an upload with %s", async (_, file, problem) => {
    upload([file]);
    const { code, err } = await publish("--comment");
    expect(code).toBeGreaterThan(1);
    expect(err).toContain(`[${problem}]`);
    expect(api.repository.checkRuns).toEqual([]);
    expect(api.repository.comments).toEqual([]);
  });

  test("shows the report of each job of a matrix apart from the others", async () => {
    for (const job of ["gpu-a,2", "gpu-b,2"]) upload([], `inference-gate-report-${job}`);
    upload([{ name: "report.json", content: "no report of a gate" }], "wheels");
    const { code, out } = await publish("--comment");
    expect(code).toBe(0);
    expect(out).toContain(`commit ${head.slice(0, 12)}, inference-gate-report-gpu-a,2: drift\n  check run: http`);
    expect(api.repository.checkRuns.map(({ name }) => name)).toEqual([
      "Inference Gate: words (gpu-a,2) (as uploaded)",
      "Inference Gate: words (gpu-b,2) (as uploaded)",
    ]);
    expect(api.repository.comments).toHaveLength(2);
    // Once more, and with a name of one's own: the same comments, and a check for each job.
    expect((await publish("--comment")).code).toBe(0);
    expect((await publish("--name", "Gate")).code).toBe(0);
    expect(api.repository.comments).toHaveLength(2);
    expect(api.repository.checkRuns.slice(2).map(({ name }) => name)).toEqual(["Gate (gpu-a,2)", "Gate (gpu-b,2)"]);
  });

  test("shows nothing of a run with more reports than anybody looks at", async () => {
    for (let job = 0; job < 21; job += 1) upload([], `inference-gate-report-${job}`);
    const { code, err } = await publish("--comment");
    expect(code).toBe(2);
    expect(err).toContain("[artifacts/several]");
    expect(api.repository.checkRuns).toEqual([]);
  });

  test("fails when a place fails, and serves the others", async () => {
    upload();
    api.failAlways("POST /repos/{owner}/{repo}/check-runs", faults.tooManyAnnotations);
    const { code, err } = await publish("--comment");
    expect(code).toBe(3);
    expect(err).toContain("[github/refused]");
    expect(api.repository.comments).toHaveLength(1);
  });

  test("needs a token", async () => {
    const { code, err } = await gate.place().run(["publish", "--run", "17"], {});
    expect(code).toBe(2);
    expect(err).toContain("[artifacts/no-token]");
  });
});

describe("accept --run", () => {
  const accept = (place: Place, ...words: readonly string[]) =>
    place.run(["accept", "--run", "17", "--reason", "seen in the pull request", ...words], env());

  test("makes the answers of the run the goldens, and the next check matches", async () => {
    upload();
    const place = gate.place(drifted);
    const { code, out } = await accept(place);
    expect(out).toContain("1 golden written, generation 2");
    expect(code).toBe(0);
    expect(place.read(files.lock)).toMatch(new RegExp(`run: "?https://.*\\n\\s+commit: "?${head}`));
    expect((await place.run(["check"])).code).toBe(0);
  });

  test("takes the answers of the job of a matrix that is named, and guesses none", async () => {
    for (const job of ["gpu-a,2", "gpu-b,2"]) upload([], `inference-gate-report-${job}`);
    const place = gate.place(drifted);
    const { code, err } = await accept(place);
    expect(code).toBe(2);
    expect(err).toContain("[artifacts/several]");
    expect(err).toContain("inference-gate-report-gpu-b,2");
    expect((await accept(place, "--artifact", "inference-gate-report-gpu-b,2")).code).toBe(0);
  });

  test("finds the report of a matrix of one job by itself", async () => {
    upload([], "inference-gate-report-gpu-a");
    expect((await accept(gate.place(drifted))).code).toBe(0);
  });

  test("of a fork's run is refused before anything is downloaded, and taken only when that is said", async () => {
    ofFork();
    upload();
    const place = gate.place(drifted);
    const before = recordedFiles(place);
    const { code, err } = await accept(place);
    expect(code).toBe(2);
    expect(err).toContain("Run 17 was one of stranger/model");
    expect(err).toContain("[artifacts/from-a-fork]");
    expect(err).toContain("--allow-fork");
    expect(api.asked.filter((operation) => operation.includes("artifacts"))).toEqual([]);
    expect(recordedFiles(place)).toEqual(before);
    expect((await accept(place, "--allow-fork")).code).toBe(0);
  });

  test.each(["pull_request_target", "workflow_run", "issue_comment"])(
    "of a run by %s is refused as well: whose code it ran, nobody can tell",
    async (event) => {
      api.repository.runs = api.repository.runs.map((run) => ({ ...run, event }));
      upload();
      const { code, err } = await accept(gate.place(drifted));
      expect(code).toBe(2);
      expect(err).toContain(`event ${event}`);
      expect(err).toContain("[artifacts/from-a-fork]");
    },
  );

  test("is refused for a run of another commit, by GitHub's word", async () => {
    upload();
    const place = gate.place(drifted);
    git(place, "commit", "-qm", "two", "--allow-empty");
    const { code, err } = await accept(place);
    expect(code).toBe(3);
    expect(err).toContain("[artifacts/another-commit]");
  });

  test("is refused for answers that were changed on the way: they are not to the question that is asked", async () => {
    const lines = drifted
      .read("upload/transcript.jsonl")
      .replace(/"contract":"sha256:[0-9a-f]{64}"/g, `"contract":"sha256:${"0".repeat(64)}"`);
    upload([{ name: "transcript.jsonl", content: lines }]);
    const { code, err } = await accept(gate.place(drifted));
    expect(code).toBe(2);
    expect(err).toContain("[accept/contract-moved]");
  });
});
