import { expect, test } from "@jest/globals";
import type { BaseFiles } from "../../src/commands/base-files.ts";
import { earlierLock } from "../../src/commands/earlier-lock.ts";
import { GateError } from "../../src/model/problem.ts";
import { lockOfText } from "../../src/suite/load-lock.ts";
import { lockText } from "../../src/suite/lock-text.ts";
import { caseId, digest, measuredClass } from "../report/sample-parts.ts";

function textOf(suite: string, ids: readonly string[]): string {
  const first = {
    generation: 1,
    reason: "first",
    recordedAt: "2026-11-24T02:14:00.000Z",
    recordedBy: "inference-gate 0.1.0",
    accepted: null,
  };
  const golden = { digest: digest("a"), contract: digest("b"), generation: 1 };
  const goldens = new Map(ids.map((id) => [caseId(id), golden]));
  const locked = { generations: [first] as const, contract: {}, environment: {}, goldens };
  return lockText({ suite, classes: new Map([[measuredClass, locked]]) });
}

const base = (files: { readonly [path: string]: string }): BaseFiles => ({
  commit: "0a1b2c3d".repeat(5),
  read: async (path) => files[path] ?? null,
  paths: async () => Object.keys(files),
});

/** Where the suite at `/r/new/suite.lock.yml` was, when those that are `there` have not vanished. */
async function foundFor(
  files: { readonly [path: string]: string },
  there: readonly string[] = [],
): Promise<string | null> {
  const lockPath = "/r/new/suite.lock.yml";
  const lock = lockOfText(textOf("support", ["intro", "essay", "haiku"]), lockPath);
  const exists = async (path: string) => path === lockPath || there.includes(path);
  return (await earlierLock(base(files), { lock, lockPath }, { exists }))?.path ?? null;
}

const others = ["x", "y"];
const same = textOf("support", ["intro"]);

test.each<[string, { readonly [path: string]: string }, string | null]>([
  ["nowhere in an empty base", {}, null],
  [
    "where it is",
    { "/r/new/suite.lock.yml": textOf("other", others), "/r/old/suite.lock.yml": same },
    "/r/new/suite.lock.yml",
  ],
  [
    "where its name was, before its cases",
    { "/r/a.lock.yml": textOf("b", ["intro", "essay", "haiku"]), "/r/b.lock.yml": same },
    "/r/b.lock.yml",
  ],
  [
    "where most of its cases were",
    { "/r/a.lock.yml": textOf("a", ["intro", "x"]), "/r/b.lock.yml": textOf("b", ["intro", "essay"]) },
    "/r/b.lock.yml",
  ],
  ["nowhere among suites of other names and cases", { "/r/a.lock.yml": textOf("a", others) }, null],
  [
    "nowhere among locks of other programs",
    { "/r/a.lock.yml": "packages: {}\n", "/r/b.lock.yml": "", "/r/c.yml": same },
    null,
  ],
])("a suite was %s", async (_, files, path) => {
  expect(await foundFor(files)).toBe(path);
});

test("a suite that is still there is another one", async () => {
  expect(await foundFor({ "/r/old/suite.lock.yml": same }, ["/r/old/suite.lock.yml"])).toBeNull();
});

test("a damaged lock at its path is told of, and no other one taken in its place", async () => {
  await expect(foundFor({ "/r/new/suite.lock.yml": "", "/r/old/suite.lock.yml": same })).rejects.toThrow(GateError);
});
