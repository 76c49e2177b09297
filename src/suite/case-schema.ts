/** The schema of a case and of its compare policy, as an item of suite.yml or a line of a JSONL file. */
import { z } from "zod";
import { caseIdPattern, tiers } from "../model/case.ts";
import { samplingSchema } from "./sampling-schema.ts";
import { oneOf, text } from "./schema-words.ts";

const logprobDistance = "a number of 0 or more, in nats";

/** Compare policy where neither suite nor case says anything. */
export const defaultCompare = { tier: "tokens", max_logprob_delta: 0.05, near_tie: 0.05 } as const;

export const compareSchema = z.strictObject(
  {
    tier: oneOf(tiers)
      .optional()
      .describe(
        "How strict: `bits` (token ids, text and every bit of the log-probabilities), `tokens` (ids and text), `close` (small differences " +
          "allowed, see below), `text` (text only, for engines that give no token ids).",
      )
      .meta({ default: defaultCompare.tier }),
    max_logprob_delta: z
      .number(logprobDistance)
      .min(0, logprobDistance)
      .optional()
      .describe("Tier `close`: greatest difference of a chosen token's log-probability that is allowed, in nats.")
      .meta({ default: defaultCompare.max_logprob_delta }),
    near_tie: z
      .number(logprobDistance)
      .min(0, logprobDistance)
      .optional()
      .describe("Tier `close`: outputs may part where the golden's margin to the runner-up is at most this, in nats.")
      .meta({ default: defaultCompare.near_tie }),
  },
  "a mapping such as { tier: tokens }",
);

export const messageSchema = z.strictObject(
  {
    role: text("a role such as user").describe(
      "Who speaks: `system`, `user`, `assistant`, or what the chat template knows.",
    ),
    content: z.string("a text").describe("What is said."),
  },
  "a mapping { role, content }",
);

const tokenId = "a token id (a whole number from 0 to 4294967294)";
const id = "1 to 100 letters, digits, `.`, `_` or `-`, as for a file name";

const caseFields = {
  id: z
    .string(id)
    .regex(caseIdPattern, id)
    .optional()
    .describe(
      "Name of the case and of its golden file: letters, digits, `.`, `_`, `-`. Unique, also when case is ignored.",
    ),
  prompt: text("a text that is not empty")
    .optional()
    .describe(
      "The prompt as plain text, sent without a chat template; right for a base model. An instruct model may end at once on it, which is refused.",
    ),
  prompt_token_ids: z
    .array(z.int(tokenId).min(0, tokenId).max(4_294_967_294, tokenId), "a list of token ids")
    .min(1, "at least one token id")
    .optional()
    .describe("The prompt as token ids."),
  messages: z
    .array(messageSchema, "a list of messages { role, content }")
    .min(1, "at least one message")
    .optional()
    .describe("The prompt as chat messages, put through the model's chat template."),
  sampling: samplingSchema.optional().describe("Sampling fields of this case; they go before those of the suite."),
  compare: compareSchema.optional().describe("Compare policy of this case; its fields go before those of the suite."),
};

const promptForms = [{ required: ["prompt"] }, { required: ["prompt_token_ids"] }, { required: ["messages"] }];
const inlineForms = promptForms.map(({ required }) => ({ required: ["id", ...required], not: { required: ["from"] } }));
const caseWords = "a case { id, prompt } or { from: <file> }";

/** One line of a JSONL file. Which of the three prompt forms is given is checked by hand, for a better message. */
export const caseLineSchema = z.strictObject(caseFields, "a case { id, prompt }").meta({
  oneOf: promptForms.map(({ required }) => ({ required: ["id", ...required] })),
});

export const caseSchema = z
  .strictObject(
    {
      ...caseFields,
      from: text("a path or pattern such as prompts/*.jsonl")
        .optional()
        .describe("JSONL file with one case a line, relative to the suite; `*` and `?` match within a name."),
    },
    caseWords,
  )
  .meta({ oneOf: [...inlineForms, { required: ["from"], maxProperties: 1 }] });
