/** The shapes in which TGI answers; other fields are left alone. */
import { z } from "zod";

const token = z.looseObject({
  id: z.int().nonnegative(),
  text: z.string(),
  logprob: z.number().nullable(),
  special: z.boolean(),
});
export type TgiToken = z.infer<typeof token>;

/** One event of POST /generate_stream; the last one has the whole text and the details. */
export const streamEvent = z.looseObject({
  /** From 1. */
  index: z.int().positive(),
  token,
  top_tokens: z.array(token).nullish(),
  generated_text: z.string().nullish(),
  details: z
    .looseObject({
      finish_reason: z.enum(["length", "eos_token", "stop_sequence"]),
      generated_tokens: z.int().nonnegative(),
      seed: z.int().nonnegative().nullish(),
    })
    .nullish(),
});
export type StreamEvent = z.infer<typeof streamEvent>;

/** POST /tokenize; `stop` is where the text of a token ends, in bytes of UTF-8. */
export const tokenized = z.array(z.looseObject({ id: z.int().nonnegative(), stop: z.int().nonnegative() }));
export type Tokenized = z.infer<typeof tokenized>;

/** POST /chat_tokenize. */
export const chatTokenized = z.looseObject({ templated_text: z.string(), tokenize_response: tokenized });

/** GET /info. */
export const info = z.looseObject({
  model_id: z.string(),
  model_sha: z.string().nullish(),
  max_input_tokens: z.int().nullish(),
  max_total_tokens: z.int().nullish(),
  version: z.string(),
  sha: z.string().nullish(),
  docker_label: z.string().nullish(),
});
export type Info = z.infer<typeof info>;
