/** Workflows of the project, its examples and what `init` writes: what makes them safe on a machine of one's own. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { starterWorkflow } from "../../src/suite/starter-workflow.ts";

const permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const job = z.looseObject({
  "runs-on": z.union([z.string(), z.array(z.string())]),
  "timeout-minutes": z.number(),
  permissions,
  concurrency: z.looseObject({ group: z.string() }).optional(),
  steps: z.array(step),
});
const workflowSchema = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({}),
  concurrency: z.looseObject({ group: z.string() }),
  jobs: z.record(z.string(), job),
});

const texts = new Map([
  ...[".github/workflows", "examples"].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".yml"))
      .map((name) => [join(folder, name), readFileSync(join(folder, name), "utf8")] as const),
  ),
  ["what init writes", starterWorkflow("inference-gate/suite.yml")] as const,
]);
const workflows = [...texts].map(([name, text]) => ({ name, text, workflow: workflowSchema.parse(parse(text)) }));
function workflowOf(name: string) {
  const found = workflows.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no workflow ${name}`);
  return found.workflow;
}
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, one]) => ({ name, id, job: one, on: Object.keys(workflow.on) })),
);
const onOwnMachine = jobs.filter(({ job }) => [job["runs-on"]].flat().includes("self-hosted"));

test("there are workflows to look at, with jobs on machines of one's own", () => {
  expect([workflows.length, onOwnMachine.length]).toEqual([9, 5]);
});

test("each action stands at one full commit sha, the same everywhere", () => {
  const used = jobs.flatMap(({ job }) => job.steps.flatMap(({ uses }) => uses ?? []));
  expect(used.filter((one) => !/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/.test(one))).toEqual([]);
  const shas = new Map<string, Set<string>>();
  for (const [action = "", sha = ""] of used.map((one) => one.split("@"))) {
    shas.set(action, (shas.get(action) ?? new Set()).add(sha));
  }
  expect([...shas].filter(([, found]) => found.size > 1)).toEqual([]);
});

test("a version is written beside each sha", () => {
  const bare = workflows.flatMap(({ text }) =>
    text.split("\n").filter((line) => /uses: (?!OWNER)\S+@\w{40}$/.test(line)),
  );
  expect(bare).toEqual([]);
});

describe("on a machine of one's own", () => {
  test("no job can write to the code, a package or a release", () => {
    const writing = onOwnMachine.flatMap(({ name, id, job }) =>
      Object.entries(job.permissions)
        .filter(([scope, right]) => right === "write" && scope !== "checks")
        .map(([scope]) => `${name} ${id} ${scope}`),
    );
    expect(writing).toEqual([]);
  });

  test("no job keeps credentials in its work tree", () => {
    const checkouts = onOwnMachine.flatMap(({ job }) =>
      job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")),
    );
    expect(checkouts.length).toBe(onOwnMachine.length);
    expect(checkouts.map((one) => one.with?.["persist-credentials"])).toEqual(checkouts.map(() => false));
  });

  test("no job runs code of a fork", () => {
    const open = onOwnMachine.filter(
      ({ job, on }) =>
        on.some((event) => /^(?:pull_request_target|workflow_run|issue_comment)$/.test(event)) ||
        (on.includes("pull_request") &&
          job.if !== "github.event.pull_request.head.repo.full_name == github.repository"),
    );
    expect(open.map(({ name, id }) => `${name} ${id}`)).toEqual([]);
  });

  test("no check of a pull request can be skipped unseen: a job that always runs asks for its success", () => {
    const checks = onOwnMachine.filter(({ on }) => on.includes("pull_request"));
    const unseen = checks.filter(
      ({ name, id }) =>
        !jobs.some(
          ({ name: beside, job }) =>
            beside === name &&
            job.if === "always()" &&
            job.needs === id &&
            job.steps.some(({ run }) => run?.includes('test "$RESULT" = success')),
        ),
    );
    expect(checks.length).toBe(3);
    expect(unseen.map(({ name, id }) => `${name} ${id}`)).toEqual([]);
  });
});

test("the action is given only inputs that it has", () => {
  const { inputs } = z
    .object({ inputs: z.record(z.string(), z.unknown()) })
    .parse(parse(readFileSync("action.yml", "utf8")));
  const given = jobs.flatMap(({ job }) =>
    job.steps.filter(({ uses }) => uses?.startsWith("OWNER/inference-gate@")).map((one) => Object.keys(one.with ?? {})),
  );
  expect(given).toHaveLength(5);
  expect(given.flat().filter((name) => !(name in inputs))).toEqual([]);
});

test("a check of a pull request has the base at hand, whose goldens it is held against", () => {
  const checks = onOwnMachine.filter(({ on }) => on.includes("pull_request"));
  const checkouts = checks.flatMap(({ job }) => job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")));
  expect(checkouts.map((one) => one.with?.["fetch-depth"])).toEqual([0, 0, 0]);
});

test("whoever may accept answers runs nothing of the branch, and the token that reads the run writes nothing", () => {
  const { jobs: parts } = workflowOf("examples/accept.yml");
  expect(Object.keys(parts)).toEqual(["accept", "propose"]);
  expect(parts.accept?.permissions).toEqual({ actions: "read", contents: "read" });
  const scripts = parts.accept?.steps.flatMap(({ run }) => run ?? []) ?? [];
  expect(scripts.join("\n").match(/\b(?:node|npm|npx)\b \S+ \S+/g)).toEqual([
    "node ../gate/dist/inference-gate.mjs accept",
  ]);
  expect(parts.propose?.steps.some(({ run }) => run?.includes("gh pr create"))).toBe(true);
});

test("a release waits for check and signature, and carries the reports", () => {
  const { jobs: parts } = workflowOf("examples/release-gate.yml");
  expect(parts.publish?.needs).toEqual(["check", "attest"]);
  const script = parts.publish?.steps.flatMap(({ run }) => run ?? []).join("\n");
  for (const file of ["report.html", "report.json", "statement.json"]) expect(script).toContain(`"$folder/${file}"`);
  expect(script).toContain('gh release create "$GITHUB_REF_NAME" assets/*');
});

test("no expression stands in a script, where its text would be run", () => {
  const scripts = jobs.flatMap(({ job }) => job.steps.flatMap(({ run }) => run ?? []));
  expect(scripts.length).toBeGreaterThan(5);
  expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
});
