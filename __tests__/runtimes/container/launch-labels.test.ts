import { describe, expect, test } from "@jest/globals";
import { ownIdentity } from "../../../src/platform/process-identity.ts";
import {
  isSameJob,
  type LabelledLaunch,
  labelsOf,
  ownJob,
  readLabels,
} from "../../../src/runtimes/container/launch-labels.ts";
import { isLeft } from "../../../src/runtimes/container/sweep-containers.ts";
import { ownPlace } from "../../../src/runtimes/launch-records.ts";

const job = ownJob({
  GITHUB_REPOSITORY: "org/repo",
  GITHUB_RUN_ID: "12",
  GITHUB_RUN_ATTEMPT: "1",
  GITHUB_JOB: "gate",
  RUNNER_NAME: "gpu-1",
});
const noJob = ownJob({});

function launchOf(changed: Partial<LabelledLaunch> = {}): LabelledLaunch {
  return {
    launch: "7f1f6f0e-8c3d-4a53-9d0e-3f1f6d3c2b1a",
    owner: ownIdentity(),
    place: ownPlace(),
    job,
    ...changed,
  };
}

test("labels say whose a launch is, and are read back", () => {
  const labels = labelsOf(launchOf());
  expect(labels).toMatchObject({
    "inference-gate.repository": "org/repo",
    "inference-gate.run": "12",
    "inference-gate.attempt": "1",
    "inference-gate.job": "gate",
    "inference-gate.runner": "gpu-1",
  });
  expect(readLabels({ ...labels, maintainer: "somebody" })).toEqual(launchOf());
});

test.each([
  ["none", null],
  ["another's", { app: "web" }],
  ["a launch id alone", { "inference-gate.launch": launchOf().launch }],
  ["a process id that is no number", { ...labelsOf(launchOf()), "inference-gate.owner.pid": "x" }],
])("labels that are not ours are not understood: %s", (_, labels) => {
  expect(readLabels(labels)).toBeNull();
});

describe("a launch is left", () => {
  const own = ownIdentity();
  const dead = { ...own, startedTicks: own.startedTicks - 1 };
  const elsewhere = { ...ownPlace(), host: "another" };
  const otherNamespace = { ...ownPlace(), pidNamespace: "pid:[1]" };
  test.each([
    ["of a living owner", {}, job, false],
    ["of an owner that died", { owner: dead }, noJob, true],
    ["of before a reboot", { owner: { ...own, bootId: "before" } }, noJob, true],
    ["on another machine", { owner: dead, place: elsewhere }, noJob, false],
    ["seen from another container of another job", { place: otherNamespace }, { ...job, run: "13" }, false],
    ["seen from another step of the same job", { place: otherNamespace }, job, true],
    ["seen from outside of any job", { place: otherNamespace, job: noJob }, noJob, false],
  ] as const)("%s", (_, changed, ours, expected) => {
    expect(isLeft(launchOf(changed), ours)).toBe(expected);
  });
});

test.each(["repository", "run", "attempt", "job", "runner"] as const)("another %s is another job", (field) => {
  expect(isSameJob(job, job)).toBe(true);
  expect(isSameJob(job, { ...job, [field]: "other" })).toBe(false);
});
