/** Record and check on real vLLM, offline on the CPU with a small random model: what agrees matches in every bit, and each planted change is named. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Report } from "../../src/report/report.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { changes, changeText, type DriverSuite, driverSuite, negateTensor, verdicts } from "./driver-suite.ts";
import { realVllmForTests } from "./real-vllm.ts";

const long = 512;
const words = {
  args: { dtype: "bfloat16", max_model_len: 1024 },
  env: { VLLM_CPU_KVCACHE_SPACE: "1" },
  determinism: {},
  sampling: { temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: 48, ignore_eos: true },
  own: { drawn: { max_tokens: long }, likeliest: { temperature: 0, max_tokens: long } },
  stopSeconds: 20,
};
const cases = ["drawn", "likeliest", "short", "chat"];
const all = (verdict: string) => cases.map((id) => `${id} ${verdict}`);

let suite: DriverSuite;
let recorded: Report;
beforeAll(async () => {
  suite = driverSuite("vllm", await realVllmForTests(), words);
  recorded = await suite.record();
});
afterAll(() => suite.remove());

async function checked(changed: Parameters<DriverSuite["write"]>[0] = {}): Promise<Report> {
  suite.write(changed);
  const report = await suite.check();
  suite.write();
  return report;
}

describe("two launches and two repeats", () => {
  test("agree in every token id and log-probability bit, drawn and likeliest, over 512 tokens", () => {
    expect([recorded.verdict, recorded.problems]).toEqual(["match", []]);
    expect(recorded.record?.written).toEqual(cases);
    expect(recorded.tokens.generated).toBe(2 * 2 * (2 * long + 2 * 48));
  });

  test("and a check after them matches on the tier bits, in the same environment", async () => {
    const report = await checked();
    expect([report.exitCode, verdicts(report)]).toEqual([0, all("match")]);
    expect(report.environment.changes).toEqual([]);
    expect(report.tokens.saved).toBe(0);
  });
});

describe("planted changes are named, with exit code 5:", () => {
  test("a seed and one field of SamplingParams, each at the case that has it; the others still match", async () => {
    const report = await checked({
      own: { ...words.own, short: { seed: 43 }, chat: { bad_words: ["the"] } },
    });
    expect(report.exitCode).toBe(5);
    expect(changes(report)).toEqual(["short: sampling.seed 42 → 43", 'chat: sampling.bad_words (absent) → ["the"]']);
    expect(verdicts(report).slice(0, 3)).toEqual(["drawn match", "likeliest match", "short drift"]);
  });

  test("dtype, prefix caching and the number of sequences, in the contract and in what vLLM runs with", async () => {
    const report = await checked({
      args: { ...words.args, dtype: "float32", enable_prefix_caching: true, max_num_seqs: 2 },
    });
    expect(report.exitCode).toBe(5);
    expect(changes(report)).toEqual(
      expect.arrayContaining([
        'engine.args.dtype "bfloat16" → "float32"',
        "engine.args.enable_prefix_caching (absent) → true",
        "engine.args.max_num_seqs (absent) → 2",
        "engine.config.model.dtype",
        "engine.config.cache.enable_prefix_caching",
        "engine.config.scheduler.max_num_seqs",
      ]),
    );
    expect(verdicts(report).slice(0, 2)).toEqual(["drawn drift", "likeliest drift"]);
    expect(report.tokens.saved).toBeGreaterThan(0);
  });

  test("threads, which are another hardware class", async () => {
    const report = await checked({ determinism: { threads: 2 } });
    expect(report.exitCode).toBe(5);
    expect(changes(report)).toEqual(
      expect.arrayContaining([
        "hardware-class",
        "engine.threads",
        "engine.determinism.threads",
        "determinism.threads 1 → 2",
      ]),
    );
    expect(verdicts(report)).toEqual(all("missing"));
  });

  test("a tensor of the weights, a tokenizer file and the chat template, each by its file", async () => {
    const weights = join(suite.model, "model.safetensors");
    const kept = join(suite.folder, "kept");
    copyFileSync(weights, kept);
    negateTensor(weights, "model.layers.1.mlp.down_proj.weight");
    const undo = [
      changeText(join(suite.model, "tokenizer.json"), '"add_prefix_space":', '"add_prefix_space" :'),
      changeText(join(suite.model, "chat_template.jinja"), "assistant", "helper"),
    ];
    const report = await checked();
    copyFileSync(kept, weights);
    for (const back of undo) back();
    expect(report.exitCode).toBe(5);
    expect(changes(report)).toEqual(
      expect.arrayContaining([
        "model.file.model.safetensors",
        "model.file.tokenizer.json",
        "model.file.chat_template.jinja",
        "model.chat_template",
      ]),
    );
    expect(verdicts(report).slice(0, 2)).toEqual(["drawn drift", "likeliest drift"]);
    expect(report.cases.find(({ id }) => id === "chat")?.divergence?.kind).toBe("prompt");
  });

  test("enforce_eager off, with what is compiled", async () => {
    const report = await checked({ args: { ...words.args, enforce_eager: false }, determinism: { compile: true } });
    expect([report.exitCode, report.problems]).toEqual([5, []]);
    expect(changes(report)).toEqual(
      expect.arrayContaining([
        "determinism.compile false → true",
        "engine.args.enforce_eager (absent) → false",
        "engine.config.model.enforce_eager",
        "engine.determinism.compile",
      ]),
    );
  });
});

test("nothing of any launch is left", () => {
  expect(markedProcesses(suite.folder)).toEqual([]);
});
