/** The shapes in which SGLang's server answers; other fields are left alone. */
import { z } from "zod";

const tokenIds = z.array(z.int().nonnegative());
/** Log-probability, token id, and the token's text where it was asked for. */
const tokenLogprob = z.tuple([z.number().nullable(), z.int().nonnegative()]).rest(z.unknown());

const finishReason = z.union([
  z.looseObject({ type: z.enum(["stop", "length"]) }),
  z.looseObject({ type: z.literal("abort"), message: z.string().nullish() }),
]);

/** One event of POST /generate: the whole answer so far, or only what was added to it. */
export const generateEvent = z.looseObject({
  text: z.string(),
  output_ids: tokenIds.nullish(),
  meta_info: z.looseObject({
    finish_reason: finishReason.nullish(),
    prompt_tokens: z.int().nonnegative(),
    completion_tokens: z.int().nonnegative(),
    cached_tokens: z.int().nonnegative().nullish(),
    output_token_logprobs: z.array(tokenLogprob).nullish(),
    output_top_logprobs: z.array(z.array(tokenLogprob).nullable()).nullish(),
  }),
});
export type GenerateEvent = z.infer<typeof generateEvent>;

/** POST /tokenize. */
export const tokenized = z.looseObject({ tokens: tokenIds });

const setting = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** GET /server_info: every argument as the server resolved it, and more. */
export const serverInfo = z.looseObject({
  version: z.string(),
  enable_deterministic_inference: z.boolean().nullish(),
});
export type ServerInfo = z.infer<typeof serverInfo>;

export const settingOf = (value: unknown): z.infer<typeof setting> | undefined => setting.safeParse(value).data;
