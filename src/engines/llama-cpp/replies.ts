/** The shapes in which llama.cpp's server answers; other fields are left alone. */
import { z } from "zod";

const tokenId = z.int().nonnegative();

const probability = z.looseObject({
  id: tokenId,
  logprob: z.number(),
  top_logprobs: z.array(z.looseObject({ id: tokenId, logprob: z.number() })),
});

const part = z.looseObject({
  stop: z.literal(false),
  content: z.string(),
  tokens: z.array(tokenId),
  /** Tokens generated so far, those that were held back included. */
  tokens_predicted: z.int().nonnegative(),
  completion_probabilities: z.array(probability).optional(),
});

const last = z.looseObject({
  stop: z.literal(true),
  content: z.string(),
  tokens_predicted: z.int().nonnegative(),
  tokens_evaluated: z.int().nonnegative(),
  stop_type: z.enum(["none", "eos", "limit", "word"]),
  generation_settings: z.record(z.string(), z.unknown()),
  timings: z.looseObject({ cache_n: z.int().optional() }).optional(),
});

/** One event of a streamed POST /completion. */
export const completionEvent = z.discriminatedUnion("stop", [part, last]);
export type CompletionPart = z.infer<typeof part>;
export type CompletionLast = z.infer<typeof last>;

/** POST /tokenize. */
export const tokenized = z.looseObject({ tokens: z.array(tokenId) });

/** POST /apply-template. */
export const templated = z.looseObject({ prompt: z.string() });

/** GET /slots. */
export const slots = z.array(z.looseObject({ is_processing: z.boolean(), speculative: z.boolean().optional() }));

/** GET /props. */
export const props = z.looseObject({
  total_slots: z.int(),
  model_path: z.string(),
  model_alias: z.string().optional(),
  model_ftype: z.string().optional(),
  build_info: z.string().optional(),
  chat_template: z.string().optional(),
  default_generation_settings: z.looseObject({ n_ctx: z.int().optional() }),
});
export type Props = z.infer<typeof props>;
