/** Record and check on vLLM's real server on the CPU with a small random model: what agrees matches in every bit, and each planted change is named. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Report } from "../../src/report/report.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { changes, type DriverSuite, type DriverWords, driverSuite, negateTensor, verdicts } from "./driver-suite.ts";
import { realVllmForTests } from "./real-vllm.ts";

const long = 512;
const words: DriverWords = {
  args: { dtype: "bfloat16", max_model_len: 1024 },
  env: { VLLM_CPU_KVCACHE_SPACE: "1" },
  determinism: {},
  sampling: { temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: 32, ignore_eos: true },
  own: { drawn: { max_tokens: long }, likeliest: { temperature: 0, max_tokens: long } },
  stopSeconds: 20,
};
const cases = ["drawn", "likeliest", "short", "chat"];
/** A launch takes a minute, and several on a machine that does something else. */
const patienceMs = 900_000;

let suite: DriverSuite;
let recorded: Report;
beforeAll(async () => {
  suite = driverSuite("vllm-server", await realVllmForTests(), words);
  recorded = await suite.record();
}, patienceMs);
afterAll(() => suite.remove());

async function checked(changed: Partial<DriverWords> = {}): Promise<Report> {
  suite.write(changed);
  const report = await suite.check();
  suite.write();
  return report;
}

test("two launches and two repeats agree in every token id and log-probability bit, drawn and likeliest, over 512 tokens", () => {
  expect([recorded.verdict, recorded.problems]).toEqual(["match", []]);
  expect(recorded.record?.written).toEqual(cases);
  expect(recorded.tokens.generated).toBe(2 * 2 * (2 * long + 2 * 32));
});

describe("a third launch, with changes planted, names exactly them with exit code 5", () => {
  test(
    "seed, one field of SamplingParams, prefix caching and the number of sequences; the other cases still match in every bit",
    async () => {
      const report = await checked({
        args: { ...words.args, enable_prefix_caching: true, max_num_seqs: 2 },
        own: { ...words.own, short: { seed: 43 }, chat: { bad_words: ["the"] } },
      });
      expect([report.exitCode, report.problems]).toEqual([5, []]);
      const found = changes(report);
      expect(found).toEqual(
        expect.arrayContaining([
          "engine.args.enable_prefix_caching (absent) → true",
          "engine.args.max_num_seqs (absent) → 2",
          "engine.config.cache.enable_prefix_caching",
          "engine.config.scheduler.max_num_seqs",
          "short: sampling.seed 42 → 43",
          'chat: sampling.bad_words (absent) → ["the"]',
        ]),
      );
      // Nothing else has moved between the launches: no version, variable, file or setting in force. The limits of a batch follow its size.
      const planted =
        /prefix[-_]caching|max[-_]num[-_]seqs|^engine\.config\.(?:scheduler|compilation)\.|^(?:short|chat): /;
      expect(found.filter((change) => !planted.test(change))).toEqual([]);
      expect(verdicts(report).slice(0, 3)).toEqual(["drawn match", "likeliest match", "short drift"]);
    },
    patienceMs,
  );

  test(
    "dtype and one tensor of the weights",
    async () => {
      const weights = join(suite.model, "model.safetensors");
      const kept = readFileSync(weights);
      negateTensor(weights, "model.layers.1.mlp.down_proj.weight");
      const report = await checked({ args: { ...words.args, dtype: "float32" } });
      writeFileSync(weights, kept);
      expect([report.exitCode, report.problems]).toEqual([5, []]);
      expect(changes(report)).toEqual(
        expect.arrayContaining([
          "model.file.model.safetensors",
          "engine.config.model.dtype",
          'engine.args.dtype "bfloat16" → "float32"',
        ]),
      );
      expect(verdicts(report).slice(0, 2)).toEqual(["drawn drift", "likeliest drift"]);
      expect(report.tokens.saved).toBeGreaterThan(0);
    },
    patienceMs,
  );
});

describe("a server that does not start says why", () => {
  const told = (report: Report) =>
    report.problems.flatMap(({ title, found, evidence }) => [title, found, ...evidence]).join("\n");

  test(
    "an option that it does not know",
    async () => {
      const report = await checked({ args: { ...words.args, max_modl_len: 5 } });
      expect(report.exitCode).toBe(3);
      expect(told(report)).toContain("unrecognized arguments: --max-modl-len");
    },
    patienceMs,
  );

  test(
    "a file of weights that is cut short",
    async () => {
      const weights = join(suite.model, "model.safetensors");
      const kept = readFileSync(weights);
      writeFileSync(weights, kept.subarray(0, kept.length - 100));
      const report = await checked();
      writeFileSync(weights, kept);
      expect(report.exitCode).toBe(3);
      expect(told(report)).toMatch(/model\.safetensors: found \d+ bytes, expected \d+ bytes, as its header says/);
    },
    patienceMs,
  );
});

test("nothing of any launch is left", () => {
  expect(markedProcesses(suite.folder)).toEqual([]);
});
