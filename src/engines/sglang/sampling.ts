/** Sampling under SGLang's names: every field of a request. */
import { fieldNotHonoured } from "../../messages/engines-sampling.ts";
import type { Case } from "../../model/case.ts";
import type { Json } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { CaseSampling, SamplingSupport } from "../../model/sampling-params.ts";
import { everySamplingField } from "../every-sampling-field.ts";

export const sglangSampling: SamplingSupport = {
  fields: everySamplingField,
  extra: [
    "custom_params",
    "ebnf",
    "json_schema",
    "logit_bias",
    "no_stop_trim",
    "regex",
    "spaces_between_special_tokens",
    "stop_regex",
    "structural_tag",
  ],
  tokenIds: true,
};

/** `sampling_params` of a request; the server refuses a name that it does not know. */
export function samplingParams({ params, extra }: CaseSampling): { readonly [name: string]: Json } {
  return {
    n: 1,
    temperature: params.temperature,
    top_p: params.top_p,
    // It takes -1 for "all candidates", and no 0.
    top_k: params.top_k === 0 ? -1 : params.top_k,
    min_p: params.min_p,
    sampling_seed: params.seed,
    max_new_tokens: params.max_tokens,
    min_new_tokens: params.min_tokens,
    presence_penalty: params.presence_penalty,
    frequency_penalty: params.frequency_penalty,
    repetition_penalty: params.repetition_penalty,
    stop: [...params.stop],
    stop_token_ids: [...params.stop_token_ids],
    ignore_eos: params.ignore_eos,
    skip_special_tokens: params.skip_special_tokens,
    ...extra,
  };
}

/** Without deterministic inference the server draws from a generator of its own, whatever the request's seed is. */
export function seedProblems(cases: readonly Case[], isDeterministic: boolean): readonly Problem[] {
  if (isDeterministic) return [];
  return cases
    .filter(({ sampling }) => sampling.params.temperature > 0)
    .map(({ id, source }) =>
      fieldNotHonoured({
        engine: "sglang",
        caseId: id,
        source,
        field: "seed",
        server: "SGLang without enable_deterministic_inference",
      }),
    );
}
