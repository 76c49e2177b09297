import { describe, expect, test } from "@jest/globals";
import { tolerable } from "../../src/action/inputs.ts";
import { outcomeOf } from "../../src/action/outcome.ts";
import { runVerdicts } from "../../src/model/verdict.ts";

describe("the outcome of a job", () => {
  test("fails for every verdict but a match by default", () => {
    const outcomes = runVerdicts.map((verdict) => [verdict, outcomeOf({ verdict, command: "check" }, tolerable)]);
    expect(outcomes.filter(([, outcome]) => outcome !== "fails")).toEqual([["match", "passes"]]);
  });

  test("fails for what could not run, whatever is tolerated", () => {
    for (const verdict of ["error", "usage"] as const) {
      expect(outcomeOf({ verdict, command: "check" }, [])).toBe("fails");
    }
  });

  test.each(tolerable)("tolerates %s only when it is left out", (verdict) => {
    expect(
      outcomeOf(
        { verdict, command: "check" },
        tolerable.filter((name) => name !== verdict),
      ),
    ).toBe("tolerated");
    expect(outcomeOf({ verdict, command: "check" }, [verdict])).toBe("fails");
  });

  test("of a recording has nothing to tolerate", () => {
    expect(outcomeOf({ verdict: "unstable", command: "record" }, [])).toBe("fails");
  });
});
