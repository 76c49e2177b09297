import { describe, expect, test } from "@jest/globals";
import { selectCases } from "../../src/commands/select-cases.ts";
import { type Case, parseCaseId } from "../../src/model/case.ts";
import { GateError } from "../../src/model/problem.ts";
import { neutralSampling } from "../../src/model/sampling-params.ts";

const cases = ["intro", "essay-1", "essay-2", "a.b"].flatMap((text): Case[] => {
  const id = parseCaseId(text);
  if (id === null) throw new Error(`${text} is no case id`);
  return [
    {
      id,
      prompt: { kind: "text", text: "Once" },
      sampling: { params: { ...neutralSampling, seed: 1, max_tokens: 4 }, given: ["seed", "max_tokens"], extra: {} },
      compare: { tier: "tokens", maxLogprobDelta: 0.05, nearTie: 0.01 },
      source: { file: "suite.yml", line: 1, column: 1 },
    },
  ];
});

const chosen = (...filters: string[]) =>
  selectCases(cases, filters, { file: "suite.yml", option: "--cases" }).map((item) => item.id);

describe("--cases", () => {
  test.each([
    [[], ["intro", "essay-1", "essay-2", "a.b"]],
    [["intro"], ["intro"]],
    [["essay-*"], ["essay-1", "essay-2"]],
    [
      ["*2", "intro"],
      ["intro", "essay-2"],
    ],
    [["a.b"], ["a.b"]],
  ])("%j chooses %j, in the order of the suite", (filters, expected) => {
    expect(chosen(...filters)).toEqual(expected);
  });

  test.each([[["intr"]], [["axb"]], [["essay"]], [["INTRO"]]])(
    "%j matches nothing and says what there is",
    (filters) => {
      expect(() => chosen(...filters)).toThrow(GateError);
    },
  );

  test("names the filter that matches nothing even when another one does", () => {
    const problems = (() => {
      try {
        chosen("intro", "nowhere-*");
        return [];
      } catch (error) {
        return error instanceof GateError ? error.problems : [];
      }
    })();
    expect(problems).toMatchObject([{ code: "commands/no-case-matches", title: 'No case matches "nowhere-*".' }]);
    expect(problems[0]?.found).toBe("4 cases: intro, essay-1, essay-2, a.b");
  });
});
