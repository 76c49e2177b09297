/** action.yml, the schema of the inputs and the documentation say the same; and the file is as safe as it claims. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { inputSpecs } from "../../src/action/inputs.ts";
import { outputDescriptions, outputsOf } from "../../src/action/outputs.ts";
import { inputsVariable } from "../../src/action/parse-inputs.ts";
import { buildReport } from "../../src/report/build-report.ts";
import { emptyRun } from "../report/sample-parts.ts";

const texts = z.record(z.string(), z.string());
const action = z
  .object({
    inputs: z.record(
      z.string(),
      z.strictObject({ description: z.string(), required: z.literal(false), default: z.string() }),
    ),
    outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
    runs: z.object({
      using: z.literal("composite"),
      steps: z.array(
        z.looseObject({
          uses: z.string(),
          id: z.string().optional(),
          if: z.string().optional(),
          env: texts.optional(),
          with: texts,
        }),
      ),
    }),
  })
  .parse(parse(readFileSync("action.yml", "utf8"), { version: "1.2" }) satisfies unknown);
const { steps } = action.runs;
const [gate, cleanUp, upload] = steps;
const expression = (text: string) => ["$", "{{ ", text, " }}"].join("");

describe("action.yml", () => {
  test("has the inputs of the schema, with their defaults and descriptions, in the same order", () => {
    const wanted = Object.entries(inputSpecs).map(([name, { description, fallback }]) => [name, description, fallback]);
    expect(Object.entries(action.inputs).map(([name, one]) => [name, one.description, one.default])).toEqual(wanted);
  });

  test("has the outputs that the gate sets, with their descriptions", () => {
    const outputs = Object.entries(action.outputs);
    expect(outputs.map(([name, { description }]) => [name, description])).toEqual(Object.entries(outputDescriptions));
    const set = Object.keys(outputsOf(buildReport(emptyRun), { reportFolder: "/x", upload: true, artifactName: "a" }));
    for (const [name, { value }] of outputs) {
      const own = name === "artifact-url" ? "upload" : "gate";
      expect(value).toBe(expression(`steps.${own}.outputs.${name}`));
      if (own === "gate") expect(set).toContain(name);
    }
  });

  test("pins every action by a whole commit", () => {
    expect(steps.map(({ uses }) => uses.replace(/@[0-9a-f]{40}$/, "@<commit>"))).toEqual([
      "actions/github-script@<commit>",
      "actions/github-script@<commit>",
      "actions/upload-artifact@<commit>",
    ]);
  });

  test("puts no expression into a script: all inputs travel as one variable, the matrix among them", () => {
    expect(gate?.env).toEqual({ [inputsVariable]: expression("toJSON(inputs)") });
    expect(action.inputs.matrix?.default).toBe(expression("toJSON(matrix)"));
    for (const step of [gate, cleanUp]) expect(step?.with.script).not.toContain("${{");
  });

  test("cleans up and uploads in every path", () => {
    expect(cleanUp?.if).toBe(expression("always()"));
    expect(upload?.if).toMatch(/always\(\)/);
  });

  test("imports what the bundle exports", () => {
    const imported = steps.flatMap((step) => [
      ...(step.with.script ?? "").matchAll(/const \{ (\w+) \} = await import/g),
    ]);
    expect(imported.map(([, name]) => name)).toEqual(["gate", "cleanUp"]);
    const entry = readFileSync("src/action/main.ts", "utf8");
    for (const [, name] of imported) expect(entry).toContain(`export { ${name} }`);
  });
});
