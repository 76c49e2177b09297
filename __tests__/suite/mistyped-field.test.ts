/** Which sampling fields are taken for mistyped ones, and that no real field of an engine is. */
import { describe, expect, test } from "@jest/globals";
import { engines } from "../../src/engines/registry.ts";
import { mistypedField } from "../../src/suite/mistyped-field.ts";
import { samplingFields } from "../../src/suite/sampling-schema.ts";
import { problemsFrom, suiteFolder } from "./suite-folder.ts";

const folders = suiteFolder();
const standard = Object.keys(samplingFields);

/** Those of vLLM 0.32.0's SamplingParams beside ours, of its older versions, and of the parameters inside them. */
const ofVllm = [
  ...["allowed_token_ids", "bad_words", "best_of", "detokenize", "extra_args", "flat_logprobs", "guided_decoding"],
  ...["include_stop_str_in_output", "logit_bias", "logits_processors", "logprob_token_ids", "output_kind"],
  ...["output_text_buffer_length", "prompt_logprob_start", "prompt_logprob_token_ids", "prompt_logprobs"],
  ...["repetition_detection", "routed_experts_prompt_start", "skip_clone", "skip_reading_prefix_cache"],
  ...["spaces_between_special_tokens", "stream_interval", "structured_outputs", "thinking_token_budget"],
  ...["trace_decode_token_ids", "truncate_prompt_tokens", "use_beam_search", "length_penalty", "early_stopping"],
  ...["watermarking"],
];
const ofOthers = ["sglang", "tgi", "llama-cpp", "openai", "vllm-server"] as const;
const more = ["top_a", "min_new_tokens", "n_tokens_max", "stop_regex", "typical_p", "top_n_sigma", "no_stop_trim"];

test("no field of vLLM, SGLang, TGI, llama.cpp or an OpenAI-compatible server is taken for a mistyped one", () => {
  const own = ofOthers.flatMap((name) => {
    const { extra } = engines[name].sampling;
    return extra === "asked" ? [] : extra;
  });
  expect(own.length).toBeGreaterThan(20);
  const taken = [...ofVllm, ...own, ...more].filter((name) => mistypedField(name, standard) !== null);
  expect(taken).toEqual([]);
});

test.each([
  ["temprature", "temperature"],
  ["Temperature", "temperature"],
  ["max_token", "max_tokens"],
  ["maxTokens", "max_tokens"],
  ["topp", "top_p"],
  ["top-k", "top_k"],
  ["log_probs", "logprobs"],
  ["min_tokes", "min_tokens"],
  ["freqency_penalty", "frequency_penalty"],
  ["stop_tokens_ids", "stop_token_ids"],
  ["x".repeat(1000), null],
  ["", null],
])("%s is %s", (name, field) => {
  expect(mistypedField(name, standard)).toBe(field);
});

describe("a suite for an engine with fields of its own", () => {
  const suite = (sampling: string) => ({
    "suite.yml": `version: 1
runtime: process
engine: { name: vllm }
model: { name: org/m, revision: ${"ab".repeat(20)} }
sampling:
  seed: 42
  max_tokens: 8
${sampling}cases:
  - id: a
    prompt: hi
    sampling: { ${sampling === "" ? "max_token: 200, " : ""}min_tokens: 1 }
`,
  });
  const { sampling } = engines.vllm;

  test.each([
    ["  temprature: 0\n", "temperature", 8, 3],
    ["", "max_tokens", 11, 17],
  ])("is refused for a mistyped one with its line and column: %j", async (text, meant, line, column) => {
    expect(await problemsFrom(folders.load(suite(text), sampling))).toMatchObject([
      { code: "suite/sampling-unknown", location: { line, column }, help: [`Did you mean ${meant}?`] },
    ]);
  });

  test("takes every one of vLLM's", async () => {
    const loaded = await folders.load(suite(ofVllm.map((name) => `  ${name}: 1\n`).join("")), sampling);
    expect(Object.keys(loaded.cases[0]?.sampling.extra ?? {}).sort()).toEqual([...ofVllm].sort());
  });
});
