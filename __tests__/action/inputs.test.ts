import { describe, expect, test } from "@jest/globals";
import { parseInputs } from "../../src/action/parse-inputs.ts";
import { GateError } from "../../src/model/problem.ts";

const parse = (given: { readonly [name: string]: string }) => parseInputs(JSON.stringify(given));

function problemsOf(json: string | undefined) {
  try {
    parseInputs(json);
  } catch (error) {
    if (error instanceof GateError) return error.problems;
    throw error;
  }
  return [];
}
const wrong = (given: { readonly [name: string]: string }) => problemsOf(JSON.stringify(given));

describe("inputs", () => {
  test("are a check of the default suite, on which every verdict but a match fails, when none is given", () => {
    expect(parse({})).toEqual({
      mode: "check",
      suite: "inference-gate/suite.yml",
      "working-directory": ".",
      runtime: null,
      cases: [],
      "fail-on": ["drift", "unstable", "environment-changed"],
      "keep-going": false,
      "record-mode": "missing",
      reason: "",
      "hf-cache": "",
      "upload-report": "always",
      "artifact-name": "",
      "check-run": true,
      "check-name": "",
      comment: false,
      "accept-changes": null,
      "allow-forks": false,
      "allow-dependabot": false,
      matrix: null,
      "github-token": "",
    });
  });

  test("that are empty or only spaces have their defaults, as an unset expression gives them", () => {
    expect(parse({ mode: "", suite: "  ", "keep-going": "" })).toEqual(parse({}));
  });

  test.each<[string, string, unknown]>([
    ["mode", "record", "record"],
    ["runtime", "attached", "attached"],
    ["cases", "intro, essay-*\nfaq", ["intro", "essay-*", "faq"]],
    ["fail-on", "any", ["drift", "unstable", "environment-changed"]],
    ["fail-on", "none", []],
    ["fail-on", "drift", ["drift"]],
    ["fail-on", "drift\nunstable", ["drift", "unstable"]],
    ["keep-going", "true", true],
    ["matrix", '{"gpu":"gpu-a","n":2}', { gpu: "gpu-a", n: 2 }],
    ["matrix", "null", null],
    ["matrix", "{}", null],
    ["github-token", "ghs_x", "ghs_x"],
    ["comment", "true", true],
    ["accept-changes", "never", "never"],
    ["artifact-name", "gate (a100)", "gate (a100)"],
  ])("%s takes %j", (name, written, value) => {
    expect(parse({ [name]: written })).toMatchObject({ [name]: value });
  });

  test.each([
    ["mode", "accept"],
    ["runtime", "kubernetes"],
    ["fail-on", "drift, any"],
    ["fail-on", "error"],
    ["keep-going", "yes"],
    ["suite", "a\nb"],
    ["upload-report", "true"],
    ["artifact-name", "a/b"],
    ["matrix", "[1]"],
    ["matrix", "gpu-a"],
    ["reason", "x".repeat(501)],
  ])("%s does not take %j, and the message names the input", (name, written) => {
    const mode = name === "reason" ? "record" : "check";
    const problems = wrong({ mode, [name]: written }).filter(({ code }) => code === "action/input-invalid");
    expect(problems).toHaveLength(1);
    expect(problems[0]?.title).toContain(`The input "${name}"`);
    expect(problems[0]?.expected).not.toBe("");
  });

  test("that are wrong are told all at once", () => {
    const problems = wrong({ mode: "chek", fail_on: "drift", "allow-forks": "1", elephant: "x" });
    expect(problems.map(({ code, title }) => [code, /"([^"]+)"/.exec(title)?.[1]])).toEqual([
      ["action/input-unknown", "fail_on"],
      ["action/input-unknown", "elephant"],
      ["action/input-invalid", "mode"],
      ["action/input-invalid", "allow-forks"],
    ]);
    expect(problems[0]?.help).toEqual(["Did you mean fail-on?"]);
  });

  test.each([
    [{ reason: "new kernels" }, "reason"],
    [{ "record-mode": "all" }, "record-mode"],
    [{ mode: "record", "keep-going": "true" }, "keep-going"],
    [{ mode: "record", "fail-on": "none" }, "fail-on"],
  ])("that have no effect in the mode are refused: %j", (given, name) => {
    expect(wrong(given)).toMatchObject([{ code: "action/input-useless", title: expect.stringContaining(`"${name}"`) }]);
  });

  test.each([[{ reason: " " }], [{ "record-mode": "missing" }], [{ mode: "record", "keep-going": "false" }]])(
    "that say the default in the other mode are not: %j",
    (given) => expect(wrong(given)).toEqual([]),
  );

  test("never show the token", () => {
    expect(JSON.stringify(wrong({ "github-token": "ghs_secret", mode: "x" }))).not.toContain("ghs_secret");
  });

  test.each([[undefined], [""], ["{"], ["[1]"], ['{"mode": 1}']])(
    "that did not arrive (%j) are a clear mistake",
    (json) => {
      expect(problemsOf(json)).toMatchObject([{ code: "action/inputs-unreadable", verdict: "usage" }]);
    },
  );
});
