/** The schema of suite.yml. Field names are snake_case; each error text is the phrase for what was expected; types follow from it. */
import { z } from "zod";
import { caseIdPattern } from "../model/case.ts";
import { engineNames, runtimeNames } from "../model/suite.ts";
import { caseSchema, compareSchema } from "./case-schema.ts";
import { containerSchema, imageSchema } from "./container-schema.ts";
import { determinismSchema } from "./determinism-schema.ts";
import { samplingSchema } from "./sampling-schema.ts";
import { oneOf, text } from "./schema-words.ts";

const seconds = (fallback: number, meaning: string) => {
  const expected = "a number of seconds above 0, at most 604800 (a week)";
  return z.number(expected).gt(0, expected).max(604_800, expected).default(fallback).describe(meaning);
};
const count = (fallback: number, meaning: string) => {
  const expected = "a whole number from 2 to 100";
  return z.int(expected).min(2, expected).max(100, expected).default(fallback).describe(meaning);
};
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
    path: text("a path that is not empty")
      .optional()
      .describe("Local weight file or folder, absolute or relative to the suite. Its digest is measured at every run."),
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
        "Who runs the engine: `process` (started here as a local program), `docker` or `podman` (started here from `image`), or `attached` (already running at `engine.url`; never stopped by us).",
      ),
      image: imageSchema.optional(),
      container: containerSchema
        .prefault({})
        .describe("How the container is started; with `runtime: docker` or `podman` only."),
      engine: engineSchema.describe("The inference engine."),
      model: modelSchema.optional().describe("The model."),
      determinism: determinismSchema
        .optional()
        .describe(
          "What is switched off, fixed and seeded inside the engine's process before it starts. With engines that our drivers run.",
        ),
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
            busy_gpu: oneOf(["refuse", "noted"] as const)
              .default("refuse")
              .describe(
                "`refuse`: a GPU that somebody else computes on stops the run before the launch; `noted`: it does not.",
              ),
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
