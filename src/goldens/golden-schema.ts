/** The golden file: its fields, their limits and what each means; published as `schemas/golden.schema.json`. */
import { z } from "zod";
import { caseIdPattern } from "../model/case.ts";
import { digestPattern } from "../model/digest.ts";
import { hardwareClassPattern } from "../model/fingerprint.ts";

export const goldenVersion = 1;

/** Name of the schema, written as `$schema` into every golden; a name and no address, so that it holds wherever the schema is kept. */
export const goldenSchemaName = `urn:inference-gate:golden:${goldenVersion}`;

// The `error` of each field says what was expected, in the words of the message.
const words = {
  digest: "sha256: and 64 lower-case hexadecimal digits",
  positive: "a whole number from 1",
  count: "a whole number from 0",
  caseId: "a case id (letters, digits, `.`, `_`, `-`)",
  hardwareClass: "a hardware class (lower case letters, digits, `.`, `_`, `-`)",
  text: "a text",
  finishReason: '"stop" or "length"',
  agreed: '"bits", "tokens" or "text"',
  object: "an object",
  json: "a JSON value",
} as const;

const digest = z.string({ error: words.digest }).regex(digestPattern, { error: words.digest });
const positive = z.int({ error: words.positive }).positive({ error: words.positive });
const count = z.int({ error: words.count }).nonnegative({ error: words.count });
const tokenId = z.int().nonnegative().max(0xffff_ffff);
const base64 = z.string().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
const float32 = base64.meta({ contentEncoding: "base64" }).nullable();

const common = {
  $schema: z.string({ error: words.text }).optional().describe("Name of this schema."),
  version: z.literal(goldenVersion).describe("Version of this format."),
  case: z
    .string({ error: words.caseId })
    .regex(caseIdPattern, { error: words.caseId })
    .describe("Also the file's name."),
  hardware_class: z
    .string({ error: words.hardwareClass })
    .regex(hardwareClassPattern, { error: words.hardwareClass })
    .describe("Machines whose results may be expected to agree; also the folder's name."),
  generation: positive.describe("Generation of the lock in which this golden was recorded."),
  contract: digest.describe("Digest of everything in the suite that can change this output."),
  sampling: z
    .record(z.string(), z.json({ error: words.json }), { error: words.object })
    .describe("Every sampling parameter as it was sent."),
  repeats: z
    .strictObject(
      {
        launches: positive.describe("Launches of the engine."),
        per_launch: positive.describe("Repeats in each launch."),
        agreed: z
          .enum(["bits", "tokens", "text"], { error: words.agreed })
          .describe("What all repeats agreed on: every log-probability bit, the token ids, or only the text."),
      },
      { error: words.object },
    )
    .describe("The repeats that agreed when it was recorded."),
  finish_reason: z
    .enum(["stop", "length"], { error: words.finishReason })
    .describe("`stop`: end of sequence or a stop string; `length`: the token limit."),
};

const promptDigest = digest.describe("Digest of the prompt as it is written in the suite.");
const outputDigest = digest.nullable().describe("Digest of an output that is no text; null otherwise.");

export const fullGoldenSchema = z.strictObject(
  {
    ...common,
    prompt: z.strictObject(
      {
        digest: promptDigest,
        token_ids: z.array(tokenId).nullable().describe("The prompt as the engine saw it; null when it does not tell."),
      },
      { error: words.object },
    ),
    text: z.array(z.string()).describe("Lines of the output, each with its own line feed; the last may have none."),
    output_digest: outputDigest,
    token_ids: z.array(tokenId).nullable().describe("Output token ids; null when the engine does not tell."),
    logprobs: float32.describe("Log-probability of each chosen token in nats: base64 of little-endian float32."),
    margins: float32.describe(
      "Chosen minus best other log-probability in nats, NaN where unknown: base64 of little-endian float32.",
    ),
    text_ends: base64
      .meta({ contentEncoding: "base64" })
      .nullable()
      .describe("End of each token's text in UTF-16 code units: base64 of little-endian uint32."),
  },
  { error: words.object },
);

export const redactedGoldenSchema = z.strictObject(
  {
    ...common,
    prompt: z.strictObject(
      {
        digest: promptDigest,
        token_ids_digest: digest.nullable().describe("Digest of the ids as little-endian uint32; null when unknown."),
      },
      { error: words.object },
    ),
    redacted: z
      .strictObject(
        {
          text: digest.describe("Digest of the output's UTF-8."),
          token_ids: digest.nullable().describe("Digest of the output ids as little-endian uint32; null when unknown."),
          logprobs: digest.nullable().describe("Digest of the log-probabilities as little-endian float32."),
          output_digest: outputDigest,
          token_count: count.nullable().describe("Number of output tokens; null when unknown."),
        },
        { error: words.object },
      )
      .describe("Digests in place of a confidential output."),
  },
  { error: words.object },
);

/** The whole file, in either form. */
export const goldenFileSchema = z
  .union([fullGoldenSchema, redactedGoldenSchema])
  .describe(
    "The recorded answer to one case on one hardware class. Written by `inference-gate record`; never edit it.",
  );

const later = z.unknown();

/** A full golden whose long fields are checked by hand, since a schema library takes too long for thousands of numbers. */
export const fullGoldenHeadSchema = fullGoldenSchema.extend({
  prompt: fullGoldenSchema.shape.prompt.extend({ token_ids: later }),
  text: later,
  token_ids: later,
  logprobs: later,
  margins: later,
  text_ends: later,
});
