/** The script of the scripted engine: what it answers to each case, and how it misbehaves; see docs/engines.md. */
import { z } from "zod";
import { finishReasons } from "../../model/completion.ts";
import { digestPattern } from "../../model/digest.ts";

const tokenId = z.int().min(0).max(0xffff_fffe);
const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();

const crash = z
  .strictObject({
    token: count,
    exit_code: z.int().min(0).max(255).optional(),
    signal: z.enum(["SIGKILL", "SIGTERM", "SIGABRT", "SIGSEGV"]).optional(),
  })
  .describe("Ends the process before this token; by default with exit code 1.");

const noise = z.strictObject({ stdout: z.array(z.string()).optional(), stderr: z.array(z.string()).optional() });

const answerFields = {
  text: z
    .string()
    .optional()
    .describe("Streamed in pieces of a word each, with ids and log-probabilities made from the words."),
  tokens: z
    .array(
      z.strictObject({
        id: tokenId,
        text: z.string(),
        logprob: z.number().optional(),
        margin: z.number().optional(),
      }),
    )
    .optional(),
  generate: z
    .strictObject({
      tokens: z.int().positive().optional().describe("Without it sampling.max_tokens."),
      salt: z.string().optional().describe("Another salt is another model."),
      change_at: count.optional().describe("From this token on the output is another one."),
      logprob_shift: z.number().optional().describe("Nats, added to every log-probability; the tokens stay."),
    })
    .optional()
    .describe("A pseudo-model: the output depends on the prompt and on every sampling field."),
  output_digest: z.string().regex(digestPattern).optional().describe("An output that is no text."),
  prompt_token_ids: z.array(tokenId).optional(),
  finish_reason: z.enum(finishReasons).exclude(["abort"]).optional(),
  token_ids: z.boolean().optional().describe("False: answers without ids and log-probabilities."),
  delay_ms: milliseconds.optional().describe("Before each token."),
  stall_at: count.optional().describe("Falls silent for ever before this token."),
  crash_at: crash.optional(),
  malformed_at: z
    .strictObject({ token: count, line: z.string().optional() })
    .optional()
    .describe("Writes this line, by default half a message, in place of the token."),
  fail: z.string().optional().describe("Answers `failed` with this text."),
  noise: noise.optional().describe("Lines written before the first token."),
};

const change = z.strictObject(answerFields);
const byNumber = z.record(z.string().regex(/^[1-9][0-9]*$/, "expected a number from 1"), change);

const answer = z.strictObject({
  ...answerFields,
  on_call: byNumber.optional().describe("Changes on the n-th request for the case in one launch."),
  on_launch: byNumber.optional().describe("Changes in the n-th launch, as engine.args.launch_counter counts."),
});

export const scriptSchema = z.strictObject({
  version: z.literal(1),
  start: z
    .strictObject({
      slow_ms: milliseconds.optional(),
      fail: z
        .strictObject({ exit_code: z.int().min(0).max(255).optional(), stderr: z.array(z.string()).optional() })
        .optional(),
      noise: noise.optional(),
      protocol: z.int().optional().describe("The version that it claims to speak."),
      version: z.string().optional().describe("The engine version that it claims to be."),
      facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    })
    .optional(),
  default: answer.optional().describe("For cases that are not listed."),
  cases: z.record(z.string(), answer).optional(),
});

export type Script = z.infer<typeof scriptSchema>;
export type ScriptedAnswer = z.infer<typeof change>;
export type ScriptedCase = z.infer<typeof answer>;
