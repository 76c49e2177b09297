/** Which request fields the installed vLLM knows: a server ignores every other one without a word. */
import { fieldNotHonoured } from "../../messages/engines-sampling.ts";
import type { Case } from "../../model/case.ts";
import type { Problem } from "../../model/problem.ts";
import type { SamplingSupport } from "../../model/sampling-params.ts";
import { everySamplingField } from "../every-sampling-field.ts";
import { type ServerFamily, vllm } from "../protocols/openai/server-family.ts";

export const vllmServerSampling: SamplingSupport = {
  fields: everySamplingField,
  // Those of vLLM's CompletionRequest, of any version, that shape an output and are none of ours.
  extra: [
    "allowed_token_ids",
    "bad_words",
    "guided_choice",
    "guided_grammar",
    "guided_json",
    "guided_regex",
    "include_stop_str_in_output",
    "logit_bias",
    "repetition_detection",
    "response_format",
    "spaces_between_special_tokens",
    "structured_outputs",
    "thinking_token_budget",
    "vllm_xargs",
    "watermarking",
  ],
  tokenIds: true,
};

/** Fields of every version; what else a suite gives must be proved to be known. */
const ofOld = new Set(["temperature", "top_p", "top_k", "seed", "max_tokens", "stop", "logprobs", "ignore_eos"]);

/**
 * A problem for each field that a case gives and the server does not know. `known` is null when the server does not tell, as one that
 * somebody else started with `--disable-fastapi-docs`; fields beyond SamplingParams are then refused.
 */
export function fieldProblems(
  cases: readonly Case[],
  known: ReadonlySet<string> | null,
  version: string,
): readonly Problem[] {
  const isKnown = (field: string, isExtra: boolean) =>
    ofOld.has(field) || (known === null ? !isExtra : known.has(field));
  return cases.flatMap(({ id, sampling, source }) =>
    [
      ...sampling.given.filter((field) => !isKnown(field, false)),
      ...Object.keys(sampling.extra).filter((field) => !isKnown(field, true)),
    ].map((field) => fieldNotHonoured({ engine: "vllm-server", caseId: id, source, field, server: `vLLM ${version}` })),
  );
}

/** What is sent: nothing that this version does not know, so that it cannot be thought to be in force. */
export function familyOf(known: ReadonlySet<string> | null): ServerFamily {
  if (known === null) return vllm;
  const kept = <Value>(fields: { readonly [name: string]: Value }) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => ofOld.has(name) || known.has(name)));
  return { name: vllm.name, fields: kept(vllm.fields), besides: kept(vllm.besides) };
}
