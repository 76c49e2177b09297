/** Workflows, examples and the action itself under actionlint and zizmor, both of which see a planted mistake. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { starterWorkflow } from "../../src/suite/starter-workflow.ts";
import { actionlint, zizmor } from "./workflow-linters.ts";

const yamlIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".yml"))
    .map((name) => join(folder, name));

let root = "";
let workflows: string[] = [];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "workflow-lint-"));
  const starter = join(root, "starter.yml");
  writeFileSync(starter, starterWorkflow("inference-gate/suite.yml"));
  const [, copied = ""] = /```yaml\n(# \.github\/workflows[\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
  const readme = join(root, "readme.yml");
  writeFileSync(readme, copied.replace("@COMMIT", `@${"0".repeat(40)}`));
  workflows = [readme, ...yamlIn(".github/workflows"), ...yamlIn("examples"), starter];
});
afterAll(() => rmSync(root, { recursive: true }));

/** A copy of the workflow of pull requests with one thing changed. */
function changed(name: string, from: string, to: string): string {
  const text = readFileSync("examples/pull-request-gate.yml", "utf8");
  expect(text).toContain(from);
  const file = join(root, name);
  writeFileSync(file, text.replace(from, to));
  return file;
}

describe("every workflow of the project, of its README, of its examples and of init", () => {
  test("passes actionlint", () => {
    expect(workflows.map((file) => basename(file))).toEqual(
      expect.arrayContaining([
        "ci.yml",
        "check-dist.yml",
        "pull-request-gate.yml",
        "re-record.yml",
        "starter.yml",
        "readme.yml",
      ]),
    );
    expect(actionlint(workflows)).toEqual({ code: 0, text: "" });
  });

  test("passes zizmor, and so does the action", () => {
    const files = [...workflows, ...["action.yml"].filter((file) => existsSync(file))];
    const { code, text } = zizmor(files);
    expect([code, text]).toEqual([0, expect.stringContaining("No findings to report")]);
    for (const file of files) expect(text).toContain(`completed ${file}`);
  });
});

describe("a planted mistake is seen:", () => {
  test.each([
    ["a key that no workflow has", "timeout-minutes: 60", "time-out: 60", /unexpected key "time-out"/],
    ["a job that does not exist", "needs: check", "needs: chekc", /"chekc"/],
    ["an expression without its end", "number }}", "number }", /expression/],
    ["a permission that does not exist", "contents: read", "contents: admin", /"admin" is invalid/],
  ])("%s, by actionlint", (name, from, to, said) => {
    const { code, text } = actionlint([changed(`a-${name.replaceAll(" ", "-")}.yml`, from, to)]);
    expect(code).toBe(1);
    expect(text).toMatch(said);
  });

  test.each([
    ["an action by a tag", /actions\/checkout@[0-9a-f]{40} # v7.0.1/, "actions/checkout@v7", "unpinned-uses"],
    ["the dangerous trigger", "  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers"],
    ["every permission", "    permissions: {}\n", "    permissions: write-all\n", "excessive-permissions"],
    [
      "a title in a script",
      'echo "The check',
      `echo "$\{{ github.event.pull_request.title }} The check`,
      "template-injection",
    ],
  ])("%s, by zizmor", (name, from, to, rule) => {
    const text = readFileSync("examples/pull-request-gate.yml", "utf8");
    const mistaken = text.replace(from, to);
    expect(mistaken).not.toBe(text);
    const folder = join(root, `z-${name.replaceAll(" ", "-")}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "workflow.yml"), mistaken);
    const found = zizmor([join(folder, "workflow.yml")]);
    expect(found.code).not.toBe(0);
    expect(found.text).toContain(`[${rule}]`);
  });
});
