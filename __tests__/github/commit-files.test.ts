import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { gitHubClient } from "../../src/github/client.ts";
import { commitFilesFromGitHub, NotTold } from "../../src/github/commit-files.ts";
import { type CommitFiles, gitCommitFiles } from "../../src/platform/commit-files.ts";
import { nodeGit } from "../../src/platform/git.ts";
import { type FakeApi, fakeApi } from "./fake-api.ts";
import { faults } from "./faults.ts";
import { handClock } from "./hand-clock.ts";

let folder = "";
let base = "";
let head = "";
let api: FakeApi;

function git(...words: readonly string[]): string {
  const who = ["-c", "user.name=me", "-c", "user.email=me@example.org", "-c", "init.defaultBranch=main"];
  const ran = spawnSync("git", ["-C", folder, ...who, ...words], { encoding: "utf8" });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout.trim();
}

function commit(files: { readonly [path: string]: string }): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git("add", ".");
  git("commit", "-qm", "one");
  return git("rev-parse", "HEAD");
}

const long = "ünlike any other line ⏎\n".repeat(50);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "commit-files-"));
  git("init", "-q");
  base = commit({ "gates/suite.lock.yml": "kind: lock\n", "gates/goldens/cpu/a b.json": long, top: "" });
  git("switch", "-qc", "change");
  head = commit({ "gates/suite.lock.yml": "kind: changed\n", "new/file": "x" });
  git("switch", "-q", "main");
  commit({ "gates/suite.lock.yml": "kind: moved on\n" });
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  api = await fakeApi();
  api.repository.git = folder;
});
afterEach(() => api.close());

const fromGitHub = () => {
  const signal = new AbortController().signal;
  const repository = { owner: "team", repo: "model" };
  const client = gitHubClient({
    token: "t0ken",
    apiUrl: api.url,
    repository,
    clock: handClock(),
    signal,
    userAgent: "test",
  });
  return commitFilesFromGitHub(client, { base: git("rev-parse", "main"), head });
};

async function told(): Promise<CommitFiles> {
  const answer = await fromGitHub();
  if (!answer.ok) throw new Error(answer.refusal.said);
  return answer.value;
}

describe.each<[string, () => Promise<CommitFiles>]>([
  ["of a clone", async () => gitCommitFiles(nodeGit, folder, base)],
  ["of GitHub", told],
])("the files %s", (_, open) => {
  test("are those of the commit at which base and change part", async () => {
    const files = await open();
    expect(files.commit).toBe(base);
    expect(await files.read("gates/suite.lock.yml")).toBe("kind: lock\n");
    expect(await files.read("gates/goldens/cpu/a b.json")).toBe(long);
    expect(await files.read("top")).toBe("");
  });

  test("are all listed by their paths from the root", async () => {
    expect([...(await (await open()).paths())].sort()).toEqual([
      "gates/goldens/cpu/a b.json",
      "gates/suite.lock.yml",
      "top",
    ]);
  });

  test.each(["gates/none", "none/none", "new/file", "top/file"])(
    "are null for %s, which is not there",
    async (path) => {
      expect(await (await open()).read(path)).toBeNull();
    },
  );
});

describe("GitHub", () => {
  test("is asked once for each folder and file", async () => {
    const files = await told();
    await files.read("gates/goldens/cpu/a b.json");
    await files.read("gates/suite.lock.yml");
    expect(api.asked.map((operation) => operation.split("/{repo}/")[1])).toEqual([
      "compare/{basehead}",
      ...Array(4).fill("git/trees/{tree_sha}"),
      "git/blobs/{file_sha}",
      "git/blobs/{file_sha}",
    ]);
  });

  test("that does not know the commits, or may not tell of them, is a refusal", async () => {
    api.failAlways("GET /repos/{owner}/{repo}/compare/{basehead}", faults.readOnly);
    expect(await fromGitHub()).toMatchObject({ ok: false, refusal: { kind: "forbidden" } });
    api.heal();
    api.repository.git = null;
    expect(await fromGitHub()).toMatchObject({ ok: false, refusal: { kind: "not-found" } });
  });

  test("that lists only a part of a folder, or fails on the way, never passes for a file that is not there", async () => {
    api.repository.isHuge = true;
    await expect((await told()).read("gates/none")).rejects.toThrow(NotTold);
    await expect((await told()).paths()).rejects.toThrow(NotTold);
    api.repository.isHuge = false;
    api.failAlways("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", faults.internal);
    await expect((await told()).read("gates/none")).rejects.toThrow(NotTold);
  });
});
