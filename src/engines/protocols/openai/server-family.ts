/** Which server stands behind an OpenAI-compatible URL, and which sampling fields that one honours. */
import type { Json } from "../../../model/json.ts";
import type { SamplingField } from "../../../model/sampling-params.ts";
import { everySamplingField } from "../../every-sampling-field.ts";

/** How a field is called in the request; a field that is not listed is neither sent nor honoured. */
export type FieldNames = Partial<Record<SamplingField, string>>;

export interface ServerFamily {
  /** For people. */
  readonly name: string;
  readonly fields: FieldNames;
  /** Sent besides, so that the answer tells token ids and nothing is reused from an earlier request. */
  readonly besides: { readonly [name: string]: Json };
}

/** Fields of OpenAI's own interface; `logprobs` is spelt by the endpoint. */
const standard: FieldNames = {
  temperature: "temperature",
  top_p: "top_p",
  seed: "seed",
  max_tokens: "max_tokens",
  presence_penalty: "presence_penalty",
  frequency_penalty: "frequency_penalty",
  stop: "stop",
  logprobs: "logprobs",
};

const everyField: FieldNames = Object.fromEntries(everySamplingField.map((field) => [field, field]));

const vllmBesides = { return_token_ids: true, return_tokens_as_token_ids: true };

/** vLLM, and whatever does not say what it is: most servers follow vLLM's names. */
export const vllm: ServerFamily = { name: "vLLM", fields: everyField, besides: vllmBesides };
const unknown: ServerFamily = { name: "an OpenAI-compatible server", fields: everyField, besides: vllmBesides };

const llamaCpp: ServerFamily = {
  name: "llama.cpp",
  fields: {
    ...standard,
    top_k: "top_k",
    min_p: "min_p",
    repetition_penalty: "repeat_penalty",
    ignore_eos: "ignore_eos",
  },
  besides: { cache_prompt: false, return_tokens: true },
};

/** It refuses a request with a field that it does not know. */
const openAi: ServerFamily = { name: "OpenAI's own service", fields: standard, besides: {} };

/** The family by `owned_by` in GET /v1/models. */
export function serverFamily(ownedBy: string | null): ServerFamily {
  const owner = ownedBy?.toLowerCase() ?? "";
  if (owner === "vllm") return vllm;
  if (owner === "llamacpp") return llamaCpp;
  if (owner === "system" || owner.startsWith("openai")) return openAi;
  return unknown;
}
