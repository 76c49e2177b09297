import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { readEvent } from "../../src/github/event.ts";
import { GateError } from "../../src/model/problem.ts";
import { nodeFiles } from "../../src/platform/files.ts";

const base = "b".repeat(40);
const head = "a".repeat(40);
let workspace = "";

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "event-"));
});
afterEach(() => rmSync(workspace, { recursive: true }));

function read(
  name: string,
  payload: unknown,
  env: { readonly [name: string]: string } = {},
  suiteFolder: string | undefined = undefined,
) {
  const path = join(workspace, "event.json");
  writeFileSync(path, typeof payload === "string" ? payload : JSON.stringify(payload));
  const given = {
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: path,
    GITHUB_REPOSITORY: "team/project",
    GITHUB_SHA: base,
    GITHUB_WORKSPACE: workspace,
    ...env,
  };
  return readEvent(given, nodeFiles, suiteFolder);
}

/** The parts of GitHub's `pull_request` payload that are read; see https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request */
const pull = (from: string | null, login = "mia") => ({
  action: "opened",
  pull_request: {
    number: 7,
    head: { sha: head, ref: "change", repo: from === null ? null : { full_name: from } },
    base: { sha: base, ref: "main", repo: { full_name: "team/project" } },
    user: { login },
  },
  repository: { full_name: "team/project" },
});

function checkOut(files: { readonly [name: string]: string }, folder = "."): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(workspace, folder, ".git", name, ".."), { recursive: true });
    writeFileSync(join(workspace, folder, ".git", name), text);
  }
}

describe("an event", () => {
  test("of a push is the repository's own and has no pull request", async () => {
    expect(await read("push", { ref: "refs/heads/main" })).toEqual({
      name: "push",
      repository: "team/project",
      pullRequest: null,
      origin: { kind: "own" },
    });
  });

  test("of a pull request tells the head's own commit, not the merge commit", async () => {
    expect(await read("pull_request", pull("team/project"), { GITHUB_SHA: "c".repeat(40) })).toEqual({
      name: "pull_request",
      repository: "team/project",
      pullRequest: { number: 7, headSha: head, baseSha: base, headRepository: "team/project" },
      origin: { kind: "own" },
    });
  });

  test.each([
    ["another repository", "stranger/project", "stranger/project"],
    ["a repository that is gone", null, null],
  ])("of a pull request from %s comes from a fork", async (_what, from, repository) => {
    expect((await read("pull_request", pull(from))).origin).toEqual({ kind: "fork", repository });
  });

  test("of a review of a fork's pull request comes from a fork as well", async () => {
    expect((await read("pull_request_review", pull("stranger/project"))).origin.kind).toBe("fork");
  });

  test("knows a repository by its name in any letters", async () => {
    expect((await read("pull_request", pull("Team/Project"))).origin.kind).toBe("own");
  });

  test("knows Dependabot by who opened the pull request, whoever started the run again", async () => {
    const { origin } = await read("pull_request", pull("team/project", "dependabot[bot]"), { GITHUB_ACTOR: "mia" });
    expect(origin).toEqual({ kind: "dependabot", branch: "change" });
  });

  test("outside of GitHub is nobody's", async () => {
    expect(await readEvent({}, nodeFiles)).toEqual({
      name: "",
      repository: null,
      pullRequest: null,
      origin: { kind: "own" },
    });
  });
});

describe.each(["pull_request_target", "workflow_run", "issue_comment"])(
  "%s, which has the base repository's rights",
  (name) => {
    test("is the repository's own while its own commit is checked out", async () => {
      checkOut({ HEAD: `${base}\n` });
      expect((await read(name, pull("stranger/project"))).origin).toEqual({ kind: "own" });
    });

    test("is not while the pull request's head is", async () => {
      checkOut({ HEAD: `${head}\n` });
      expect((await read(name, pull("stranger/project"))).origin).toEqual({
        kind: "foreign-head",
        found: head,
        expected: base,
      });
    });

    test("is not while the suite lies in a clone of the pull request's head inside of that", async () => {
      checkOut({ HEAD: `${base}\n` });
      checkOut({ HEAD: `${head}\n` }, "proposed");
      const origin = async (folder: string) => (await read(name, {}, {}, join(workspace, folder))).origin;
      expect(await origin("proposed/inference-gate")).toEqual({ kind: "foreign-head", found: head, expected: base });
      expect(await origin("inference-gate")).toEqual({ kind: "own" });
    });

    test("is not while the suite lies in no clone at all", async () => {
      checkOut({ HEAD: `${base}\n` });
      expect((await read(name, {}, {}, join(workspace, ".."))).origin).toMatchObject({ kind: "foreign-head" });
    });

    test("is not when nobody can tell what is checked out", async () => {
      expect((await read(name, {})).origin).toEqual({ kind: "foreign-head", found: null, expected: base });
    });
  },
);

describe("what is checked out", () => {
  const origin = async () => (await read("pull_request_target", pull("team/project"))).origin;

  test.each<[string, { readonly [name: string]: string }]>([
    ["a branch", { HEAD: "ref: refs/heads/main\n", "refs/heads/main": `${base}\n` }],
    [
      "a packed branch",
      {
        HEAD: "ref: refs/heads/main\n",
        "packed-refs": `# pack-refs\n${head} refs/heads/x/main\n${base} refs/heads/main\n`,
      },
    ],
  ])("is read from %s", async (_what, files) => {
    checkOut(files);
    expect(await origin()).toEqual({ kind: "own" });
  });

  test.each<[string, { readonly [name: string]: string }]>([
    ["a name that leads out of git's folder", { HEAD: "ref: refs/../../event.json\n" }],
    ["a branch without a commit", { HEAD: "ref: refs/heads/new\n" }],
    ["no commit id", { HEAD: "main\n" }],
  ])("is unknown for %s", async (_what, files) => {
    checkOut(files);
    expect(await origin()).toMatchObject({ kind: "foreign-head", found: null });
  });
});

describe("an event that cannot be read", () => {
  test.each<[string, Promise<unknown> | (() => Promise<unknown>), string]>([
    ["no variable", () => readEvent({ GITHUB_ACTIONS: "true" }, nodeFiles), "it is not set"],
    ["no file", () => readEvent({ GITHUB_EVENT_PATH: join(workspace, "none") }, nodeFiles), "there is no such file"],
    ["no JSON", () => read("push", "{"), "the file is not JSON"],
    ["no event", () => read("pull_request", { pull_request: { number: 7 } }), "pull_request.head"],
  ])("(%s) stops the run, since nobody knows whose code it is", async (_what, reading, why) => {
    const error = await (typeof reading === "function" ? reading() : reading).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GateError);
    expect(error).toMatchObject({
      problems: [{ code: "action/event-unreadable", found: expect.stringContaining(why) }],
    });
  });
});
