/** Sampling under TGI's names. A field at its neutral value is left out where the server takes no neutral value. */
import type { Json } from "../../model/json.ts";
import type { CaseSampling, SamplingSupport } from "../../model/sampling-params.ts";

export const tgiSampling: SamplingSupport = {
  fields: [
    "temperature",
    "top_p",
    "top_k",
    "seed",
    "max_tokens",
    "frequency_penalty",
    "repetition_penalty",
    "stop",
    "logprobs",
  ],
  extra: ["adapter_id", "grammar", "typical_p", "watermark"],
  tokenIds: true,
};

/**
 * `parameters` of a request. Greedy decoding is `do_sample: false` and no filter at all: a temperature of 0 is refused, and any of
 * temperature, `top_k` and `top_p` makes the server sample. `top_p` 1 and `top_k` 0 are refused too and mean the same as nothing.
 */
export function parametersOf({ params, extra }: CaseSampling): { readonly [name: string]: Json } {
  const isSampled = params.temperature > 0;
  const filters: { readonly [name: string]: Json } = {
    temperature: params.temperature,
    ...(params.top_p < 1 ? { top_p: params.top_p } : {}),
    ...(params.top_k > 0 ? { top_k: params.top_k } : {}),
  };
  return {
    do_sample: isSampled,
    ...(isSampled ? filters : {}),
    seed: params.seed,
    max_new_tokens: params.max_tokens,
    frequency_penalty: params.frequency_penalty,
    repetition_penalty: params.repetition_penalty,
    stop: [...params.stop],
    // Two alternatives, since the margin needs the runner-up.
    top_n_tokens: Math.max(2, params.logprobs),
    details: true,
    // Only an answer that does not stream can have them; the prompt's ids come from /tokenize.
    decoder_input_details: false,
    return_full_text: false,
    ...extra,
  };
}
