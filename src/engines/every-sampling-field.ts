/** All fields of SamplingParams, for engines that are told every one. */
import type { SamplingField } from "../model/sampling-params.ts";

export const everySamplingField: readonly SamplingField[] = [
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "seed",
  "max_tokens",
  "min_tokens",
  "presence_penalty",
  "frequency_penalty",
  "repetition_penalty",
  "stop",
  "stop_token_ids",
  "ignore_eos",
  "skip_special_tokens",
  "logprobs",
];
