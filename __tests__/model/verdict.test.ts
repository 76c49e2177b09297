import { describe, expect, test } from "@jest/globals";
import { type CaseVerdict, exitCodes, runVerdict } from "../../src/model/verdict.ts";

describe("the verdict of a run", () => {
  test.each<[string, CaseVerdict[], boolean, keyof typeof exitCodes]>([
    ["all equal", ["match", "match"], false, "match"],
    ["equal within a tolerance", ["match", "close"], false, "match"],
    ["one differs", ["match", "drift"], false, "drift"],
    ["the engine disagrees with itself", ["drift", "unstable"], false, "unstable"],
    ["all equal in another environment", ["match"], true, "environment-changed"],
    ["drift and instability in another environment", ["drift", "unstable"], true, "environment-changed"],
    ["no case at all", [], false, "error"],
    ["no case at all in another environment", [], true, "error"],
    ["a case could not be run", ["match", "error"], false, "error"],
    ["a case could not be run in another environment", ["error", "drift"], true, "error"],
    ["a golden is missing", ["match", "missing"], false, "error"],
    ["a golden is obsolete", ["match", "obsolete"], false, "error"],
    ["nothing was recorded on this hardware", ["missing", "missing"], true, "environment-changed"],
  ])("%s", (_name, cases, environmentChanged, expected) => {
    expect(runVerdict(cases, environmentChanged)).toBe(expected);
  });

  test("has an exit code of its own, and only a match is 0", () => {
    expect(exitCodes).toEqual({ match: 0, drift: 1, usage: 2, error: 3, unstable: 4, "environment-changed": 5 });
  });
});
