/** A real server that somebody else started: it is asked, never stopped, and weights that changed behind its URL are seen. */
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { demoWeightEdit } from "../../src/demo/demo-suite.ts";
import { editWeights } from "../../src/demo/edit-weights.ts";
import type { RealParts } from "../../src/demo/real-parts.ts";
import { freePort } from "../../src/platform/ports.ts";
import { realPartsForTests } from "./real-parts.ts";
import { attachedAt, type RealSuite, realSuite } from "./real-suite.ts";
import { type Served, serve } from "./served.ts";

let parts: RealParts;
let suite: RealSuite;
let server: Served;
let port: string;
beforeAll(async () => {
  parts = await realPartsForTests();
  suite = realSuite(parts);
  port = String(await freePort());
  server = await serve(parts, suite.modelPath, ["--port", port]);
  suite.write({
    engine: attachedAt(`http://127.0.0.1:${port}`),
    model: "{ name: SmolLM2-135M-Instruct.Q4_1 }",
    sampling: "{ temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: 32 }",
    firstSampling: "{}",
    tier: "bits",
  });
});
afterAll(async () => {
  await server.end("SIGKILL");
  suite.remove();
});

test("an attached server is recorded, checked, and still running afterwards", async () => {
  const recorded = await suite.record();
  expect([recorded.verdict, recorded.problems]).toEqual(["match", []]);
  const checked = await suite.check();
  expect([checked.exitCode, checked.counts.match]).toEqual([0, 2]);
  expect(await server.post("/tokenize", { content: "The sea" })).toMatchObject({ tokens: expect.any(Array) });
});

test("weights that changed behind the URL are drift, exit code 1, since nothing else tells of them", async () => {
  await server.end("SIGTERM");
  mkdirSync(join(suite.folder, "edited"));
  const edited = join(suite.folder, "edited", basename(suite.modelPath));
  await editWeights(suite.modelPath, edited, demoWeightEdit);
  server = await serve(parts, edited, ["--port", port]);
  const report = await suite.check();
  expect([report.verdict, report.exitCode, report.environment.changes]).toEqual(["drift", 1, []]);
  expect(report.counts.drift).toBe(2);
  expect(report.diagnoses.length).toBeGreaterThan(0);
});
