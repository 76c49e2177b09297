import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { foldersOf, refusalsOf } from "../../src/action/admission.ts";
import { parseInputs } from "../../src/action/parse-inputs.ts";
import type { Origin } from "../../src/github/event.ts";
import { nodeFiles } from "../../src/platform/files.ts";

const inputs = (given: { readonly [name: string]: string } = {}) => parseInputs(JSON.stringify(given));
const refused = (origin: Origin, given: { readonly [name: string]: string } = {}) =>
  refusalsOf({ name: "pull_request_target", repository: "team/project", pullRequest: null, origin }, inputs(given)).map(
    ({ code, found }) => [code, found],
  );

describe("admission", () => {
  test("lets the repository's own code run", () => expect(refused({ kind: "own" })).toEqual([]));

  test.each<[Origin, string, string, string]>([
    [{ kind: "fork", repository: "stranger/project" }, "allow-forks", "action/fork-refused", "stranger/project"],
    [{ kind: "fork", repository: null }, "allow-forks", "action/fork-refused", "gone"],
    [
      { kind: "dependabot", branch: "dependabot/npm/x" },
      "allow-dependabot",
      "action/dependabot-refused",
      "dependabot/npm/x",
    ],
    [{ kind: "foreign-head", found: "aa", expected: "bb" }, "allow-forks", "action/foreign-head-refused", "aa"],
  ])("refuses %j unless %s says otherwise", (origin, input, code, found) => {
    expect(refused(origin)).toEqual([[code, expect.stringContaining(found)]]);
    expect(refused(origin, { [input]: "true" })).toEqual([]);
    const other = input === "allow-forks" ? "allow-dependabot" : "allow-forks";
    expect(refused(origin, { [other]: "true" })).toHaveLength(1);
  });
});

describe("folders that inputs name", () => {
  let root = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "folders-"));
    mkdirSync(join(root, "models"));
    writeFileSync(join(root, "file"), "");
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test("begin at the root of the repository", async () => {
    expect(await foldersOf(inputs({ "working-directory": "models", "hf-cache": root }), root, nodeFiles)).toEqual({
      working: join(root, "models"),
      hfCache: root,
      problems: [],
    });
  });

  test("must be there, and every one that is not is named", async () => {
    const { problems } = await foldersOf(inputs({ "working-directory": "none", "hf-cache": "file" }), root, nodeFiles);
    expect(problems.map(({ title }) => title)).toEqual([
      'The input "working-directory" cannot take "none".',
      'The input "hf-cache" cannot take "file".',
    ]);
  });
});
