/** Sampling parameters under vLLM's names, always complete: a request never leaves a field to a server's default. */
import type { Json } from "./json.ts";

/** vLLM SamplingParams names; every engine adapter translates from these. */
export interface SamplingParams {
  /** 0 is greedy decoding. */
  readonly temperature: number;
  /** Nucleus mass in (0, 1]; 1 is off. */
  readonly top_p: number;
  /** Number of candidates kept; 0 is off. */
  readonly top_k: number;
  /** Minimum probability relative to the best; 0 is off. */
  readonly min_p: number;
  readonly seed: number;
  /** Output length limit in tokens. */
  readonly max_tokens: number;
  /** Tokens before which no end-of-sequence or stop is allowed. */
  readonly min_tokens: number;
  readonly presence_penalty: number;
  readonly frequency_penalty: number;
  /** 1 is off. */
  readonly repetition_penalty: number;
  readonly stop: readonly string[];
  readonly stop_token_ids: readonly number[];
  readonly ignore_eos: boolean;
  readonly skip_special_tokens: boolean;
  /** Alternatives reported per position; at least 2 to know the margin to the runner-up. */
  readonly logprobs: number;
}

export type SamplingField = keyof SamplingParams;

/** What a field is when the suite is silent: neutral values, so that leaving a field out never shapes an output. `seed` and `max_tokens` must be given. */
export const neutralSampling = {
  temperature: 1,
  top_p: 1,
  top_k: 0,
  min_p: 0,
  min_tokens: 0,
  presence_penalty: 0,
  frequency_penalty: 0,
  repetition_penalty: 1,
  stop: [],
  stop_token_ids: [],
  ignore_eos: false,
  skip_special_tokens: true,
  logprobs: 2,
} as const satisfies Omit<SamplingParams, "seed" | "max_tokens">;

/** The sampling of one case: every field, which of them the suite gave, and the engine's own extra fields. */
export interface CaseSampling {
  readonly params: SamplingParams;
  /** Fields written in the suite, at its top or at the case. */
  readonly given: readonly SamplingField[];
  /** Fields under the engine's own names (such as llama.cpp's `mirostat`), sent as they are. */
  readonly extra: { readonly [name: string]: Json };
}

/** What of a suite an engine can honour; anything else is refused before a launch. */
export interface SamplingSupport {
  readonly fields: readonly SamplingField[];
  /** Names of the engine's own that may be given beside vLLM's; `asked`: its driver is asked at the start, since versions differ. */
  readonly extra: readonly string[] | "asked";
  /** Whether the engine can return token ids and log-probabilities (tiers `bits`, `tokens`, `close`). */
  readonly tokenIds: boolean;
}
