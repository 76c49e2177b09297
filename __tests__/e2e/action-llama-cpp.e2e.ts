/** The GitHub Action on the real llama.cpp server and a real small model: green while the weights are the recorded ones, red when they are not. */
import { copyFileSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { demoWeightEdit } from "../../src/demo/demo-suite.ts";
import { editWeights } from "../../src/demo/edit-weights.ts";
import { type Act, openAct } from "./act/act.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { realPartsForTests } from "./real-parts.ts";
import { started } from "./real-suite.ts";

let gate: Gate;
let act: Act;
let place: Place;
let model = "";

beforeAll(async () => {
  const parts = await realPartsForTests();
  gate = buildGate();
  act = await openAct(gate.dist);
  place = gate.place();
  // Beside the repository, as on a machine that keeps its models.
  model = join(gate.place().folder, basename(parts.modelPath));
  copyFileSync(parts.modelPath, model);
  const suite = [
    "version: 1",
    "name: real",
    ...started(parts, "llama-cpp", {}),
    `model: { name: SmolLM2-135M-Instruct, path: ${JSON.stringify(model)} }`,
    "sampling: { temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: 24 }",
    "cases:",
    '  - { id: harbour, prompt: "The old harbour town woke slowly, and the fishermen" }',
  ];
  place.write("inference-gate/suite.yml", `${suite.join("\n")}\n`);
  expect((await place.run(["record"])).code).toBe(0);
});
afterAll(() => {
  act?.remove();
  gate?.remove();
});

test("a pull request is green on the recorded weights, and red on others, with the file and the cause named", async () => {
  const before = await act.run(place);
  expect(before).toMatchObject({ conclusion: "success", outputs: { verdict: "match", matched: "1" } });
  expect(before.groups[0]).toMatch(/^Log of the engine \(\d+ lines/);

  await editWeights(model, `${model}.edited`, demoWeightEdit);
  renameSync(`${model}.edited`, model);
  const after = await act.run(place);
  expect(after).toMatchObject({ conclusion: "failure", outputs: { verdict: "environment-changed", "exit-code": "5" } });
  expect(after.annotations[0]).toMatchObject({ command: "error", message: expect.stringContaining(basename(model)) });
  expect(after.summary).toMatch(/^## ⚠️ ENVIRONMENT CHANGED:/);
  expect(after.summary).toContain("### Changed since generation 1");
});
