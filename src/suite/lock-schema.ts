/** The schema of the lock file that `record` writes beside the suite. */
import { z } from "zod";
import { caseIdPattern } from "../model/case.ts";
import { digestPattern } from "../model/digest.ts";
import { hardwareClassPattern } from "../model/fingerprint.ts";

export const lockKind = "inference-gate-lock";
export const lockFormat = 1;

const text = (expected: string) => z.string(expected);
const positive = z.int("a whole number from 1").min(1, "a whole number from 1");
const digestWords = "sha256: and 64 lower-case hexadecimal digits";
const digest = text(digestWords).regex(digestPattern, digestWords);
const factWords = "a text, a number, true, false or null";
const className = "a hardware class (lower-case letters, digits, `.`, `_`, `-`)";
const caseName = "a case id (letters, digits, `.`, `_`, `-`)";

const facts = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null()], factWords),
  "a mapping of facts",
);

const acceptedSchema = z
  .strictObject(
    {
      run: text("a text or null")
        .nullable()
        .describe("Address of the run; null for a check on a machine of one's own."),
      commit: text("a text or null").nullable().describe("The commit that was checked; null outside of a repository."),
      checked_at: z.iso.datetime({ error: "a time such as 2026-01-31T12:00:00.000Z" }).describe("ISO 8601, UTC."),
    },
    "a mapping of run, commit, checked_at",
  )
  .describe("The failed check whose answers were accepted; absent for a recording.");

const generationSchema = z.strictObject(
  {
    generation: positive.describe("Counts up by one with every recording of the whole class."),
    reason: text("a text").describe("Why the goldens were recorded anew, in the words of who did it."),
    recorded_at: z.iso.datetime({ error: "a time such as 2026-01-31T12:00:00.000Z" }).describe("ISO 8601, UTC."),
    recorded_by: text("a text").describe("Program and version that wrote it."),
    accepted: acceptedSchema.optional(),
  },
  "a mapping of generation, reason, recorded_at, recorded_by, accepted",
);

const goldenSchema = z.strictObject(
  {
    digest: digest.describe("sha256 of the golden file's bytes."),
    contract: digest.describe("Digest of everything that can change this output."),
    generation: positive.describe("Generation in which this golden was recorded."),
  },
  "a mapping of digest, contract, generation",
);

const classSchema = z.strictObject(
  {
    generations: z
      .array(generationSchema, "a list of generations")
      .min(1, "at least one generation")
      .describe("Every recording and its reason, newest first."),
    contract: z
      .record(z.string(), z.json(), "a mapping")
      .describe("The part of the contract that all cases share, written out so that a change can be named."),
    environment: facts.describe("What was measured of host, engine and model when the newest generation was recorded."),
    packages: facts
      .default({})
      .describe("Versions of the packages that were installed where the model computed; part of the environment."),
    settings: facts
      .default({})
      .describe("The engine's resolved configuration, as it was in force; part of the environment."),
    goldens: z
      .record(text(caseName).regex(caseIdPattern, caseName), goldenSchema, "a mapping of case ids")
      .describe("The golden of every case."),
  },
  "a mapping of generations, contract, environment, goldens",
);

export const lockSchema = z
  .strictObject(
    {
      kind: z.literal(lockKind, lockKind).describe("Tells this file from any other lock."),
      version: z.literal(lockFormat, String(lockFormat)).describe("Version of this format."),
      suite: text("a text").min(1, "a text that is not empty").describe("Name of the suite that was recorded."),
      classes: z
        .record(text(className).regex(hardwareClassPattern, className), classSchema, "a mapping of hardware classes")
        .describe("What was recorded, by hardware class."),
    },
    "a mapping of kind, version, suite, classes",
  )
  .describe("What `record` resolved and measured. Written by `inference-gate record`; never edited by hand.");

export type LockInput = z.output<typeof lockSchema>;
