/** The messages of the JSON Lines protocol between the gate and a program, version 1; see docs/engine-protocol.md. */
import { z } from "zod";
import { finishReasons } from "../../model/completion.ts";
import { digestPattern } from "../../model/digest.ts";

export const protocolNumber = 1;

const tokenId = z.int().min(0).max(0xffff_fffe);
const requestId = z.string().min(1);

const prompt = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text"), text: z.string() }),
  z.strictObject({ kind: z.literal("tokens"), token_ids: z.array(tokenId) }),
  z.strictObject({
    kind: z.literal("messages"),
    messages: z.array(z.strictObject({ role: z.string(), content: z.string() })),
  }),
]);

const sampling = z.strictObject({
  temperature: z.number(),
  top_p: z.number(),
  top_k: z.int(),
  min_p: z.number(),
  seed: z.int(),
  max_tokens: z.int(),
  min_tokens: z.int(),
  presence_penalty: z.number(),
  frequency_penalty: z.number(),
  repetition_penalty: z.number(),
  stop: z.array(z.string()),
  stop_token_ids: z.array(tokenId),
  ignore_eos: z.boolean(),
  skip_special_tokens: z.boolean(),
  logprobs: z.int(),
});

/** One line from the gate to the program. */
export const requestLineSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("hello"), protocol: z.int() }),
  z.strictObject({
    type: z.literal("complete"),
    /** New for every request. */
    id: requestId,
    /** Id of the case in the suite. */
    case: z.string(),
    prompt,
    sampling,
    /** Sampling fields of the suite that are none of the above. */
    extra: z.record(z.string(), z.json()),
    needs_token_ids: z.boolean(),
  }),
  /** The rest of the answer is not wanted; the program may go on, and must still end with `output`. */
  z.strictObject({ type: z.literal("stop"), id: requestId }),
  /** No more requests; the program ends. */
  z.strictObject({ type: z.literal("bye") }),
]);
export type RequestLine = z.infer<typeof requestLineSchema>;
export type CompleteLine = Extract<RequestLine, { type: "complete" }>;

const readyLine = z.looseObject({
  type: z.literal("ready"),
  protocol: z.int(),
  engine: z.looseObject({ name: z.string(), version: z.string() }),
  /** Whatever identifies what computes: versions, digests, settings. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});

/** Why a program refuses to start; each has a sentence of its own in src/messages/engines-driver.ts. */
export const refusalReasons = [
  "argument-unknown",
  "engine-start-failed",
  "import-failed",
  "model-unreadable",
  "module-missing",
  "sampling-field-owned",
  "sampling-field-unknown",
  "setting-not-in-force",
  "settings-invalid",
  "tokenizer-mismatch",
  "version-too-old",
] as const;

/** What a driver refuses, wherever it says so. */
export const refusalSchema = z.object({
  reason: z.enum(refusalReasons),
  /** What it is about: a field, a setting, a module, a file. */
  subject: z.string(),
  found: z.string(),
  expected: z.string(),
  /** What the engine itself says to do. */
  hints: z.array(z.string()),
});

const refusedLine = z.looseObject({
  type: z.literal("refused"),
  protocol: z.int(),
  ...refusalSchema.shape,
});

const tokenLine = z.looseObject({
  type: z.literal("token"),
  id: requestId,
  index: z.int().nonnegative(),
  token_id: tokenId.nullish(),
  logprob: z.number().nullish(),
  margin: z.number().nullish(),
  text: z.string(),
});

const outputLine = z.looseObject({
  type: z.literal("output"),
  id: requestId,
  finish_reason: z.enum(finishReasons),
  /** The whole text; without it the text is that of the tokens. */
  text: z.string().nullish(),
  /** Digest of an output that is no text. */
  output_digest: z.string().regex(digestPattern, "expected sha256: and 64 lower-case hexadecimal digits").nullish(),
  prompt_token_ids: z.array(tokenId).nullish(),
  /** For a program that does not stream; beside streamed tokens it must equal theirs. */
  token_ids: z.array(tokenId).nullish(),
});

/** One line from the program to the gate; unknown fields are ignored. */
export const replyLineSchema = z.discriminatedUnion("type", [
  readyLine,
  refusedLine,
  tokenLine,
  outputLine,
  z.looseObject({
    type: z.literal("failed"),
    id: requestId,
    message: z.string(),
    /** What to do, where the program knows. */
    hints: z.array(z.string()).optional(),
  }),
  z.looseObject({ type: z.literal("log"), text: z.string() }),
]);
export type ReplyLine = z.infer<typeof replyLineSchema>;
export type ReadyLine = z.infer<typeof readyLine>;
export type RefusedLine = z.infer<typeof refusedLine>;
export type TokenLine = z.infer<typeof tokenLine>;
export type OutputLine = z.infer<typeof outputLine>;
