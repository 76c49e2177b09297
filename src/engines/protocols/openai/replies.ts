/** The shapes in which OpenAI-compatible servers stream; other fields are left alone. */
import { z } from "zod";

const tokenIds = z.array(z.int().nonnegative());
const topOfPosition = z.record(z.string(), z.number()).nullable();

/** Completions as OpenAI and vLLM write them: parallel lists, alternatives by token text (or `token_id:N`). */
const parallelLogprobs = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number().nullable()),
  top_logprobs: z.array(topOfPosition).nullish(),
});

/** Chat, and llama.cpp everywhere: one entry a token. */
const listedLogprobs = z.object({
  content: z
    .array(
      z.object({
        token: z.string(),
        id: z.int().nonnegative().optional(),
        logprob: z.number(),
        top_logprobs: z.array(
          z.object({ token: z.string(), id: z.int().nonnegative().optional(), logprob: z.number() }),
        ),
      }),
    )
    .nullable(),
});

const logprobs = z.union([parallelLogprobs, listedLogprobs]).nullish();
export type Logprobs = z.infer<typeof logprobs>;

const choice = z.looseObject({
  index: z.literal(0),
  text: z.string().nullish(),
  delta: z
    .looseObject({
      content: z.string().nullish(),
      reasoning: z.string().nullish(),
      reasoning_content: z.string().nullish(),
    })
    .nullish(),
  logprobs,
  finish_reason: z.string().nullish(),
  prompt_token_ids: tokenIds.nullish(),
  token_ids: tokenIds.nullish(),
});
export type Choice = z.infer<typeof choice>;

/** One event of a streamed completion of either endpoint. */
export const chunk = z.looseObject({
  model: z.string().optional(),
  choices: z.array(choice).max(1),
  prompt_token_ids: tokenIds.nullish(),
  usage: z.looseObject({ completion_tokens: z.int().nonnegative(), prompt_tokens: z.int().nonnegative() }).nullish(),
});
export type Chunk = z.infer<typeof chunk>;

/** GET /v1/models. */
export const models = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      owned_by: z.string().nullish(),
      root: z.string().nullish(),
      max_model_len: z.int().nullish(),
    }),
  ),
});
export type ServedModel = z.infer<typeof models>["data"][number];

/** GET /version of vLLM. */
export const version = z.looseObject({ version: z.string() });
