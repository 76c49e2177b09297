/** llama.cpp's server behind OpenAI's interface: it gives no token ids there, so it is gated by its text. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { realPartsForTests } from "./real-parts.ts";
import { type RealSuite, realSuite, type SuiteWords, started } from "./real-suite.ts";

let suite: RealSuite;
let words: SuiteWords;
beforeAll(async () => {
  const parts = await realPartsForTests();
  suite = realSuite(parts);
  words = {
    engine: started(parts, "openai", { model: suite.modelPath, alias: "small", "no-cache-prompt": true }),
    model: "{ name: small }",
    sampling: "{ temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: 24 }",
    firstSampling: "{}",
    tier: "text",
  };
});
afterAll(() => suite.remove());

test("is recorded and checked on the tier text, and another seed drifts", async () => {
  suite.write(words);
  const recorded = await suite.record();
  expect([recorded.verdict, recorded.problems]).toEqual(["match", []]);
  const checked = await suite.check();
  expect([checked.exitCode, checked.counts.match]).toEqual([0, 2]);

  suite.write({ ...words, sampling: words.sampling.replace("seed: 42", "seed: 43") });
  const changed = await suite.check();
  expect([changed.exitCode, changed.counts.drift]).toEqual([5, 2]);
  expect(changed.cases[1]).toMatchObject({ tier: "text", divergence: { kind: "text" } });
});
