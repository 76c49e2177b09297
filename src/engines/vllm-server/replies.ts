/** The shapes of vLLM's own questions beside OpenAI's; other fields are left alone. */
import { z } from "zod";

const tokenIds = z.array(z.int().nonnegative());

/** POST /tokenize. */
export const tokenized = z.looseObject({ tokens: tokenIds });

/** POST /v1/chat/completions/render. */
export const rendered = z.looseObject({ token_ids: tokenIds });

/** GET /openapi.json, as far as it says what a completion request may hold. */
export const interfaceDescription = z.looseObject({
  components: z.looseObject({
    schemas: z.looseObject({
      CompletionRequest: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
    }),
  }),
});
