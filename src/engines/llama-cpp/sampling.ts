/** Sampling under llama.cpp's names: every field of a request, and whether the server says that it took it. */
import { fieldNotTaken, seedOutOfRange } from "../../messages/engines-sampling.ts";
import type { Json } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { CaseSampling, SamplingSupport } from "../../model/sampling-params.ts";

type Fields = { readonly [name: string]: Json };

/**
 * Fields that vLLM does not have, at values that shape nothing, so that no default of a build or of its command line does:
 * https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
 */
const neutralFields: Fields = {
  dynatemp_range: 0,
  dynatemp_exponent: 1,
  typical_p: 1,
  top_n_sigma: -1,
  xtc_probability: 0,
  xtc_threshold: 0.1,
  // Only read when a penalty is on; the window is llama.cpp's own default.
  repeat_last_n: 64,
  dry_multiplier: 0,
  dry_base: 1.75,
  dry_allowed_length: 2,
  dry_penalty_last_n: 64,
  dry_sequence_breakers: ["\n", ":", '"', "*"],
  mirostat: 0,
  mirostat_tau: 5,
  mirostat_eta: 0.1,
  min_keep: 0,
  n_keep: 0,
  grammar: "",
  logit_bias: [],
  samplers: ["penalties", "dry", "top_n_sigma", "top_k", "typ_p", "top_p", "min_p", "xtc", "temperature"],
};

/** Sent like the others and repeated by the server in another form, or never. */
const unverified = new Set(["logit_bias"]);

export const llamaCppSampling: SamplingSupport = {
  fields: [
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "seed",
    "max_tokens",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
    "stop",
    "ignore_eos",
    "logprobs",
  ],
  extra: Object.keys(neutralFields),
  tokenIds: true,
};

const randomSeed = 2 ** 32 - 1;

/** Every sampling field of a request; extra fields of the suite replace the neutral ones. */
export function samplingFields({ params, extra }: CaseSampling): Fields {
  return {
    ...neutralFields,
    temperature: params.temperature,
    top_p: params.top_p,
    top_k: params.top_k,
    min_p: params.min_p,
    seed: params.seed,
    n_predict: params.max_tokens,
    presence_penalty: params.presence_penalty,
    frequency_penalty: params.frequency_penalty,
    repeat_penalty: params.repetition_penalty,
    stop: params.stop,
    ignore_eos: params.ignore_eos,
    n_probs: Math.max(2, params.logprobs),
    post_sampling_probs: false,
    ...extra,
  };
}

/** The seed must be one that llama.cpp takes as it is; the highest one means "random" there. */
export function seedProblems(caseId: string, { params: { seed } }: CaseSampling): readonly Problem[] {
  const isTaken = Number.isInteger(seed) && seed >= 0 && seed < randomSeed;
  return isTaken ? [] : [seedOutOfRange({ engine: "llama-cpp", caseId, seed, highest: randomSeed - 1 })];
}

/** A problem for each field that the server repeats otherwise than sent, or does not know though the suite gives it. */
export function notTaken(
  caseId: string,
  sent: Fields,
  taken: { readonly [name: string]: unknown },
  given: readonly string[],
): readonly Problem[] {
  return Object.entries(sent).flatMap(([field, value]) => {
    if (unverified.has(field)) return [];
    const answer = taken[field];
    const isSame = answer === undefined ? !given.includes(field) : formOf(answer) === formOf(value);
    if (isSame) return [];
    const text = answer === undefined ? "unknown to the server" : JSON.stringify(answer);
    return [fieldNotTaken({ engine: "llama-cpp", caseId, field, sent: JSON.stringify(value), taken: text })];
  });
}

/** The server keeps numbers as float32 or as integers; both are equal here when they are equal there. */
function formOf(value: unknown): string {
  if (typeof value === "number") return String(Math.fround(value));
  if (Array.isArray(value)) return `[${value.map(formOf).join()}]`;
  return JSON.stringify(value) ?? "";
}
