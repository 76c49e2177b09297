/** The sampling fields of a suite, under vLLM's names; each error text is the phrase for what was expected. */
import { z } from "zod";

/** 4294967295 itself means "choose a random seed" to llama.cpp. */
export const largestSeed = 2 ** 32 - 2;
const largestId = 2 ** 32 - 2;

const seedWords = `a whole number from 0 to ${largestSeed} (engines keep 32 bits; ${largestSeed + 1} means "random" to llama.cpp)`;

const range = (expected: string, minimum: number, maximum: number) =>
  z.number(expected).min(minimum, expected).max(maximum, expected);
const whole = (expected: string, minimum: number, maximum: number) =>
  z.int(expected).min(minimum, expected).max(maximum, expected);
const yesOrNo = z.boolean("true or false");

export const samplingFields = {
  temperature: z
    .number("a number of 0 or more")
    .min(0, "a number of 0 or more")
    .describe("0 takes the likeliest token every time (greedy); 1 leaves the model's probabilities as they are.")
    .meta({ default: 1 }),
  top_p: z
    .number("a number above 0 and at most 1")
    .gt(0, "a number above 0 and at most 1")
    .max(1, "a number above 0 and at most 1")
    .describe("Keeps the likeliest tokens whose probabilities add up to this; 1 keeps all.")
    .meta({ default: 1 }),
  top_k: whole("a whole number of 0 or more (0 or -1 is off)", -1, 2 ** 31 - 1)
    .describe("Keeps this many of the likeliest tokens; 0 (or vLLM's -1) keeps all.")
    .meta({ default: 0 }),
  min_p: range("a number from 0 to 1", 0, 1)
    .describe("Drops tokens less probable than this share of the likeliest one's probability; 0 is off.")
    .meta({ default: 0 }),
  seed: whole(seedWords, 0, largestSeed).describe(
    `Start of the random numbers. Must be given, since a server would otherwise choose one. Engines keep 32 bits of it, and llama.cpp reads ${
      largestSeed + 1
    } as "random".`,
  ),
  max_tokens: whole("a whole number of 1 or more", 1, 2 ** 31 - 1).describe(
    "Longest output, in tokens. Must be given. Long outputs find more: a drift shows late.",
  ),
  min_tokens: whole("a whole number of 0 or more", 0, 2 ** 31 - 1)
    .describe("No end of the output before this many tokens.")
    .meta({ default: 0 }),
  presence_penalty: range("a number from -2 to 2", -2, 2)
    .describe("Above 0 makes tokens that occurred less likely.")
    .meta({ default: 0 }),
  frequency_penalty: range("a number from -2 to 2", -2, 2)
    .describe("Above 0 makes tokens less likely the more often they occurred.")
    .meta({ default: 0 }),
  repetition_penalty: z
    .number("a number above 0")
    .gt(0, "a number above 0")
    .describe("Above 1 makes tokens of prompt and output less likely; 1 is off.")
    .meta({ default: 1 }),
  stop: z
    .array(z.string('a text such as "\\n\\n"').min(1, "a text that is not empty"), 'a list of texts such as ["\\n\\n"]')
    .describe("Texts that end the output.")
    .meta({ default: [] }),
  stop_token_ids: z
    .array(whole("a token id", 0, largestId), "a list of token ids")
    .describe("Tokens that end the output.")
    .meta({ default: [] }),
  ignore_eos: yesOrNo
    .describe("Goes on after the end-of-sequence token, so that every output has `max_tokens` tokens.")
    .meta({ default: false }),
  skip_special_tokens: yesOrNo.describe("Leaves special tokens out of the text.").meta({ default: true }),
  logprobs: whole("a whole number from 1 to 20", 1, 20)
    .describe("Log-probabilities reported per position; from 2 on the margin to the runner-up is known.")
    .meta({ default: 2 }),
  n: z
    .literal(1, "1, since a golden holds one answer")
    .describe("Outputs per prompt. Only 1: a golden holds one answer."),
} as const;

const optionalFields = {
  temperature: samplingFields.temperature.optional(),
  top_p: samplingFields.top_p.optional(),
  top_k: samplingFields.top_k.optional(),
  min_p: samplingFields.min_p.optional(),
  seed: samplingFields.seed.optional(),
  max_tokens: samplingFields.max_tokens.optional(),
  min_tokens: samplingFields.min_tokens.optional(),
  presence_penalty: samplingFields.presence_penalty.optional(),
  frequency_penalty: samplingFields.frequency_penalty.optional(),
  repetition_penalty: samplingFields.repetition_penalty.optional(),
  stop: samplingFields.stop.optional(),
  stop_token_ids: samplingFields.stop_token_ids.optional(),
  ignore_eos: samplingFields.ignore_eos.optional(),
  skip_special_tokens: samplingFields.skip_special_tokens.optional(),
  logprobs: samplingFields.logprobs.optional(),
  n: samplingFields.n.optional(),
} satisfies { [name in keyof typeof samplingFields]: z.ZodOptional };

/** Beside these, the engine's own fields; see its page. */
export const samplingSchema = z
  .object(optionalFields, "a mapping of sampling fields")
  .catchall(z.json().describe("A field of the engine's own, sent as it is."));

export type SamplingInput = z.output<typeof samplingSchema>;
