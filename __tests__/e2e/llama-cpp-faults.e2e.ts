/** What goes wrong with a real server is named, and nothing of it is left. */
import { truncateSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RealParts } from "../../src/demo/real-parts.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { realPartsForTests } from "./real-parts.ts";
import { type RealSuite, realSuite, started } from "./real-suite.ts";

let parts: RealParts;
let suite: RealSuite;
beforeAll(async () => {
  parts = await realPartsForTests();
  suite = realSuite(parts);
  suite.write({
    engine: started(parts, "llama-cpp", {}),
    model: `{ name: SmolLM2-135M-Instruct, path: ${JSON.stringify(suite.modelPath)} }`,
    sampling: "{ temperature: 0.8, seed: 42, max_tokens: 16 }",
    firstSampling: "{}",
    tier: "tokens",
  });
  expect((await suite.record()).verdict).toBe("match");
});
afterAll(() => suite.remove());

test("a server killed in mid-case is named with the token, exit code 3, and nothing is left", async () => {
  let seen = 0;
  const report = await suite.check((event) => {
    if (event.kind !== "token") return;
    seen += 1;
    if (seen === 7)
      for (const line of markedProcesses(suite.modelPath)) process.kill(Number.parseInt(line, 10), "SIGKILL");
  });
  expect([report.verdict, report.exitCode]).toEqual(["error", 3]);
  expect(report.cases.map(({ problems: [first] }) => first)).toMatchObject([
    {
      code: "engines/died",
      title: expect.stringMatching(/^The engine ended in case plain after \d+ tokens\.$/),
      found: "SIGKILL",
    },
    { code: "replay/not-run" },
  ]);
  expect(markedProcesses(suite.folder)).toEqual([]);
});

test("a model file cut in half stops the start, with llama.cpp's last words", async () => {
  truncateSync(suite.modelPath, 49_000_000);
  const report = await suite.check();
  expect([report.verdict, report.exitCode]).toEqual(["error", 3]);
  expect(report.problems.map(({ code }) => code)).toEqual(["runtimes/exited-early"]);
  expect(report.problems[0]?.evidence.join("\n")).toMatch(/within file bounds|corrupted or incomplete/);
  expect(markedProcesses(suite.folder)).toEqual([]);
});
