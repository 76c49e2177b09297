import { describe, expect, test } from "@jest/globals";
import { type RecordMode, recordingSelection } from "../../src/commands/recording-selection.ts";
import type { Case } from "../../src/model/case.ts";
import { type Fingerprint, parseHardwareClass } from "../../src/model/fingerprint.ts";
import type { LockedClass } from "../../src/model/lock.ts";
import { GateError } from "../../src/model/problem.ts";
import { digestOf } from "../../src/platform/hashing.ts";
import { caseContract, sharedContract } from "../../src/suite/contract.ts";
import { caseIdOf, caseOf, samplingOf, suiteOf } from "../engines/sample-suite.ts";

const named = (id: string, seed = 7): Case => ({ ...caseOf(samplingOf({ seed })), id: caseIdOf(id) });
const suite = suiteOf(
  { name: "scripted", args: { script: "answers.yml" } },
  { cases: [named("a"), named("b"), named("c")] },
);
const hardwareClass = parseHardwareClass("software");
if (hardwareClass === null) throw new Error("software is a class");
const now = (version = "1"): Fingerprint => ({
  hardwareClass,
  facts: [{ key: "engine.version", value: version, source: "test" }],
});

/** A lock in which the cases `ids` were recorded as `recorded` says; the others never were. */
function lockedWith(recorded: readonly Case[]): LockedClass {
  return {
    generations: [
      { generation: 1, reason: "first", recordedAt: "2026-11-23T22:00:00.000Z", recordedBy: "test", accepted: null },
    ],
    contract: sharedContract(suite),
    environment: { "engine.version": "1" },
    goldens: new Map(
      recorded.map((item) => [
        item.id,
        { digest: digestOf(item.id), contract: caseContract(suite, item), generation: 1 },
      ]),
    ),
  };
}

function selected(
  mode: RecordMode,
  locked: LockedClass | null,
  over: { chosen?: readonly Case[]; version?: string } = {},
) {
  const request = { mode, chosen: over.chosen ?? suite.cases, lockPath: "suite.lock.yml" };
  const { cases, ...rest } = recordingSelection(suite, request, locked, now(over.version));
  return { cases: cases.map((item) => item.id as string), ...rest };
}

describe("what a recording asks", () => {
  const locked = lockedWith([named("a"), named("b", 8), named("gone")]);

  test("is everything on hardware that was never recorded", () => {
    expect(selected("missing", null)).toEqual({ cases: ["a", "b", "c"], kept: [], obsolete: [], scope: "partial" });
  });

  test.each<[RecordMode, string[], string[], string[]]>([
    ["missing", ["c"], ["a", "b", "gone"], []],
    ["changed", ["b", "c"], ["a"], ["gone"]],
    ["all", ["a", "b", "c"], [], ["gone"]],
  ])("by --mode %s is %j", (mode, cases, kept, obsolete) => {
    expect(selected(mode, locked)).toEqual({ cases, kept, obsolete, scope: "partial" });
  });

  test("leaves the goldens of other cases alone when --cases chose some", () => {
    expect(selected("all", locked, { chosen: [named("a")] })).toEqual({
      cases: ["a"],
      kept: ["b", "gone"],
      obsolete: [],
      scope: "partial",
    });
  });

  test("is everything or nothing in a changed environment", () => {
    expect(selected("changed", locked, { version: "2" })).toMatchObject({ cases: ["a", "b", "c"], scope: "whole" });
    expect(selected("all", locked, { version: "2" })).toMatchObject({ scope: "whole", obsolete: ["gone"] });
  });

  test.each<[RecordMode, readonly Case[]]>([
    ["missing", suite.cases],
    ["all", [named("a")]],
  ])("by --mode %s would mix generations in a changed environment", (mode, chosen) => {
    expect(() => selected(mode, locked, { chosen, version: "2" })).toThrow(GateError);
  });
});
