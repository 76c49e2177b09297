/** The lines of a transcript: JSON Lines, appended as a run goes on, so that a killed run can be inspected and resumed. */
import { z } from "zod";
import { parseCaseId } from "../model/case.ts";
import { finishReasons } from "../model/completion.ts";
import { parseDigest } from "../model/digest.ts";
import { parseHardwareClass } from "../model/fingerprint.ts";
import { runVerdicts } from "../model/verdict.ts";

/** A text that `parse` turns into its branded type. */
function parsed<T>(parse: (text: string) => T | null, what: string) {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: `no ${what}` });
    return z.NEVER;
  });
}

const digest = parsed(parseDigest, "digest");
const caseId = parsed(parseCaseId, "case id");
const counted = z.int().positive();
/** Base64 of little-endian uint32 or float32 numbers. */
const numbers = z.string().nullable();

const run = z.strictObject({
  type: z.literal("run"),
  version: z.literal(1),
  command: z.enum(["check", "record"]),
  suite: z.string(),
  tool: z.string(),
  started_at: z.iso.datetime(),
  hardware_class: parsed(parseHardwareClass, "hardware class"),
  /** Digest of every measured fact. */
  environment: digest,
});

const about = { case: caseId, contract: digest, launch: counted, repeat: counted };

const completion = z.strictObject({
  type: z.literal("completion"),
  ...about,
  prompt_token_ids: numbers,
  token_ids: numbers,
  logprobs: numbers,
  margins: numbers,
  text_ends: numbers,
  text: z.string(),
  output_digest: digest.nullable(),
  finish_reason: z.enum(finishReasons),
});

const redacted = z.strictObject({
  type: z.literal("redacted"),
  ...about,
  prompt_token_ids: digest.nullable(),
  token_ids: digest.nullable(),
  logprobs: digest.nullable(),
  text: digest,
  output_digest: digest.nullable(),
  token_count: z.int().nonnegative().nullable(),
  finish_reason: z.enum(finishReasons),
});

const failure = z.strictObject({ type: z.literal("failure"), ...about, problems: z.array(z.string()) });
const end = z.strictObject({ type: z.literal("end"), verdict: z.enum(runVerdicts) });

export const transcriptLineSchema = z.discriminatedUnion("type", [run, completion, redacted, failure, end]);

export type TranscriptLine = z.output<typeof transcriptLineSchema>;
export type TranscriptRun = z.output<typeof run>;
export type CompletionLine = z.output<typeof completion>;
