/** Record and check on a real llama.cpp server: what agrees matches bit for bit, and each planted change is named. */
import { renameSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { demoChatTemplates, demoWeightEdit } from "../../src/demo/demo-suite.ts";
import { editWeights } from "../../src/demo/edit-weights.ts";
import type { RealParts } from "../../src/demo/real-parts.ts";
import type { Report } from "../../src/report/report.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { realPartsForTests } from "./real-parts.ts";
import { type RealSuite, realSuite, type SuiteWords, started } from "./real-suite.ts";

let parts: RealParts;
let suite: RealSuite;
let words: SuiteWords;
let recorded: Report;
const tokens = 64;
const sampling = (changed: object = {}) =>
  JSON.stringify({ temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: tokens, ...changed });

beforeAll(async () => {
  parts = await realPartsForTests();
  suite = realSuite(parts);
  words = {
    engine: started(parts, "llama-cpp", { "chat-template-file": "template.jinja" }),
    model: `{ name: SmolLM2-135M-Instruct, path: ${JSON.stringify(suite.modelPath)} }`,
    sampling: sampling(),
    firstSampling: "{}",
    tier: "bits",
  };
  suite.write(words);
  recorded = await suite.record();
});
afterAll(() => suite.remove());

const caseOf = (report: Report, id: string) => report.cases.find((one) => one.id === id);
const verdicts = (report: Report) => report.cases.map(({ id, verdict }) => `${id} ${verdict}`);
/** Everything that the report says was changed. */
const changes = (report: Report) => [
  ...report.environment.changes.filter(({ weight }) => weight === "breaking").map(({ key }) => key),
  ...report.environment.contractChanges,
  ...report.cases.flatMap((one) => one.contractChanges.map((change) => `${one.id}: ${change}`)),
];

describe("two launches and two repeats of a real engine", () => {
  test("agree in every bit, so that goldens are written", () => {
    expect([recorded.verdict, recorded.problems]).toEqual(["match", []]);
    expect(recorded.record?.written).toEqual(["plain", "chat"]);
    expect(recorded.tokens.generated).toBe(2 * 2 * 2 * tokens);
  });

  test("and a check after them matches on the tier bits", async () => {
    const report = await suite.check();
    expect([report.exitCode, verdicts(report)]).toEqual([0, ["plain match", "chat match"]]);
    expect(report.tokens).toMatchObject({ generated: 2 * tokens, saved: 0 });
    expect(report.environment.changes).toEqual([]);
    expect(report.diagnoses).toEqual([]);
  });
});

describe("a planted change is named, with exit code 5:", () => {
  afterAll(() => suite.write(words));

  const planted = async (changed: Partial<SuiteWords>) => {
    suite.write({ ...words, ...changed });
    const report = await suite.check();
    expect([report.verdict, report.exitCode, report.problems]).toEqual(["environment-changed", 5, []]);
    return report;
  };

  test("the seed", async () => {
    const report = await planted({ sampling: sampling({ seed: 43 }) });
    expect(changes(report)).toEqual(["plain: sampling.seed 42 → 43", "chat: sampling.seed 42 → 43"]);
    expect(report.diagnoses[0]?.cause).toBe("contract");
    expect(caseOf(report, "chat")).toMatchObject({ verdict: "drift", divergence: { kind: "token" } });
  });

  test("one sampling field", async () => {
    const report = await planted({ sampling: sampling({ top_p: 0.3 }) });
    expect(changes(report)).toEqual(["plain: sampling.top_p 0.95 → 0.3", "chat: sampling.top_p 0.95 → 0.3"]);
    expect(caseOf(report, "plain")).toMatchObject({ verdict: "drift", divergence: { kind: "token" } });
  });

  test("a weight file that kept its name and size", async () => {
    const kept = `${suite.modelPath}.kept`;
    renameSync(suite.modelPath, kept);
    await editWeights(kept, suite.modelPath, demoWeightEdit);
    const report = await planted({});
    renameSync(kept, suite.modelPath);
    expect(changes(report)).toEqual(["model.file.SmolLM2-135M-Instruct.Q4_1.gguf"]);
    expect(report.diagnoses[0]?.cause).toBe("environment");
    // The prompt is the same, so the first position already has another log-probability.
    expect(caseOf(report, "plain")).toMatchObject({ verdict: "drift", logprobDrift: { firstIndex: 0 } });
    expect(caseOf(report, "plain")?.logprobDrift?.maxAbs).toBeLessThan(5);
  });

  test("a chat template, which only the chat notices", async () => {
    writeFileSync(suite.templatePath, demoChatTemplates.changed);
    const report = await planted({});
    writeFileSync(suite.templatePath, demoChatTemplates.recorded);
    expect(changes(report)).toEqual(["engine.file.chat-template-file.template.jinja", "model.chat_template"]);
    expect(verdicts(report)).toEqual(["plain match", "chat drift"]);
    expect(caseOf(report, "chat")?.divergence).toMatchObject({ kind: "prompt", actual: { tokenId: null } });
  });

  test("two threads in place of one, which is another hardware class", async () => {
    const report = await planted({
      engine: started(parts, "llama-cpp", { "chat-template-file": "template.jinja", threads: 2 }),
    });
    expect(changes(report)).toEqual(
      expect.arrayContaining(["hardware-class", "engine.flag.threads", "engine.args.threads 1 → 2"]),
    );
    expect(verdicts(report)).toEqual(["plain missing", "chat missing"]);
  });
});

test("a case that splits is stopped there, and the next one matches bit for bit", async () => {
  suite.write({ ...words, firstSampling: "{ seed: 7 }" });
  const report = await suite.check();
  suite.write(words);
  expect(verdicts(report)).toEqual(["plain drift", "chat match"]);
  const { tokensGenerated = 0, tokensSaved = 0 } = caseOf(report, "plain") ?? {};
  expect(tokensSaved).toBeGreaterThan(0);
  expect(tokensGenerated + tokensSaved).toBe(tokens);
  expect(report.tokens.saved).toBe(tokensSaved);
});

test("nothing of any launch is left", () => {
  expect(markedProcesses(suite.folder)).toEqual([]);
});
