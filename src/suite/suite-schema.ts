/** The schema of suite.yml. Field names are snake_case; each error text is the phrase for what was expected; types follow from it. */
import { z } from "zod";
import { caseIdPattern, tiers } from "../model/case.ts";
import { engineNames, runtimeNames } from "../model/suite.ts";
import { samplingSchema } from "./sampling-schema.ts";

const text = (expected: string) => z.string(expected).min(1, expected);
const oneOf = <const Names extends readonly string[]>(names: Names) =>
  z.enum(names, `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`);
const seconds = (fallback: number, meaning: string) => {
  const expected = "a number of seconds above 0, at most 604800 (a week)";
  return z.number(expected).gt(0, expected).max(604_800, expected).default(fallback).describe(meaning);
};
const count = (fallback: number, meaning: string) => {
  const expected = "a whole number from 2 to 100";
  return z.int(expected).min(2, expected).max(100, expected).default(fallback).describe(meaning);
};
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
  prompt: text("a text").optional().describe("The prompt as plain text, sent without a chat template."),
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

const variableName = "a variable name (letters, digits and `_`)";

const engineSchema = z.strictObject(
  {
    name: oneOf(engineNames).describe("Which engine answers; docs/engines.md describes each."),
    command: z
      .array(text("a word of the command line"), "a list of words such as [llama-server]")
      .min(1, "at least the program")
      .optional()
      .describe(
        "Command line that starts the engine, where its own default is not wanted. A relative path is looked up beside the suite, then on PATH.",
      ),
    args: z
      .record(z.string(), z.json(), "a mapping of the engine's options")
      .default({})
      .describe("The engine's own options by its own names, passed exactly. Part of the contract."),
    env: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, variableName),
        z.string('a text; put numbers in quotes, such as "1"'),
        "a mapping of variable names to texts",
      )
      .default({})
      .describe(
        "Environment variables of the engine. Part of the contract, but for names that end in `API_KEY`, `ACCESS_KEY`, `TOKEN`, `SECRET` or `PASSWORD`.",
      ),
    url: z
      .url({ protocol: /^https?$/, error: "an http or https URL such as http://127.0.0.1:8080" })
      .optional()
      .describe("URL of a server that somebody else started; with `runtime: attached` only. Not part of the contract."),
  },
  "a mapping with at least a name, such as { name: llama-cpp }",
);

const revision = "the full commit id: 40 hexadecimal digits, in quotes";

const modelSchema = z.strictObject(
  {
    name: text("a name such as org/model").describe("Name of the model, as the engine or the model hub knows it."),
    revision: z
      .string(revision)
      .regex(/^[0-9a-f]{40}$/, revision)
      .optional()
      .describe("Full commit id (40 hexadecimal digits) of the model repository; a branch or tag would move."),
    path: text("a path")
      .optional()
      .describe("Local weight file or folder, relative to the suite. Its digest is measured at every run."),
  },
  "a mapping with at least a name, such as { name: org/model }",
);

const suiteName = "1 to 100 letters, digits, `.`, `_` or `-`";

export const suiteSchema = z
  .strictObject(
    {
      version: z.literal(1, "1").describe("Version of this format."),
      name: z
        .string(suiteName)
        .regex(caseIdPattern, suiteName)
        .default("default")
        .describe("Name by which lock and goldens know the suite."),
      runtime: oneOf(runtimeNames).describe(
        "Who runs the engine: `process` (started here as a local program) or `attached` (already running at `engine.url`; never stopped by us).",
      ),
      engine: engineSchema.describe("The inference engine."),
      model: modelSchema.optional().describe("The model."),
      dependencies: z
        .array(text("a path"), "a list of paths")
        .default([])
        .describe("Files whose content belongs to the contract, such as requirements.lock, relative to the suite."),
      sampling: samplingSchema
        .optional()
        .describe(
          "How tokens are drawn, under the names of vLLM's SamplingParams. What is left out is neutral; `seed` and `max_tokens` must be given here " +
            "or at every case. An engine's own fields may stand beside these.",
        ),
      cases: z.array(caseSchema, "a list of cases").min(1, "at least one case").describe("The known prompts."),
      compare: compareSchema
        .optional()
        .describe("How a completion is held against its golden; a case may say otherwise."),
      record: z
        .strictObject(
          {
            launches: count(2, "Times the engine is launched; at least 2, to see whether launches agree."),
            repeats: count(2, "Times every case is replayed per launch; at least 2, to see whether repeats agree."),
          },
          "a mapping such as { launches: 2, repeats: 2 }",
        )
        .prefault({})
        .describe("How often `record` asks before it believes an answer."),
      timeouts: z
        .strictObject(
          {
            startup_s: seconds(600, "Until the engine is ready, in seconds."),
            case_s: seconds(600, "One whole completion, in seconds."),
            stall_s: seconds(120, "Longest silence between two tokens, the first included, in seconds."),
            stop_s: seconds(20, "From the polite signal to the certain one, in seconds."),
          },
          "a mapping such as { startup_s: 600 }",
        )
        .prefault({})
        .describe("Limits of time. None of them is part of the contract."),
      environment: z
        .strictObject(
          {
            driver: oneOf(["noted", "strict"] as const)
              .default("noted")
              .describe("`strict`: another driver version is another environment; `noted`: it is only reported."),
          },
          "a mapping such as { driver: strict }",
        )
        .prefault({})
        .describe("What counts as another environment."),
      redact: z
        .boolean("true or false")
        .default(false)
        .describe("Keeps digests instead of prompts and outputs in the goldens, for confidential material."),
    },
    "a mapping of fields such as version, engine and cases",
  )
  .describe("A suite: which engine and model are gated, and with which prompts.");

export type SuiteInput = z.output<typeof suiteSchema>;
