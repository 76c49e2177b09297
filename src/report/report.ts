/** The report: one value that holds all that any surface shows of a run; its JSON form is published as `schemas/report.schema.json`. */
import { z } from "zod";
import { tiers } from "../model/case.ts";
import { causes } from "../model/diagnosis.ts";
import { factGroups } from "../model/fingerprint.ts";
import { acceptPolicies, goldenChangeKinds } from "../model/golden-change.ts";
import { caseVerdicts, runVerdicts } from "../model/verdict.ts";

const location = z.strictObject({
  file: z.string(),
  line: z.int().positive().nullable(),
  column: z.int().positive().nullable(),
});

const problem = z.strictObject({
  code: z.string(),
  verdict: z.enum(["usage", "error"]),
  title: z.string(),
  location: location.nullable(),
  found: z.string().nullable(),
  expected: z.string().nullable(),
  help: z.array(z.string()),
  evidence: z.array(z.string()),
});

const side = z.strictObject({
  tokenId: z.int().nonnegative().nullable(),
  logprob: z.number().nullable().describe("Nats."),
  margin: z.number().nullable().describe("Nats; chosen minus best other."),
  text: z.string(),
});

const divergence = z.strictObject({
  kind: z.enum(["prompt", "token", "length", "text", "finish-reason", "output", "logprob"]),
  tokenIndex: z.int().nonnegative().nullable(),
  textOffset: z.int().nonnegative().nullable(),
  textLine: z.int().positive().nullable(),
  before: z.string(),
  expected: side,
  actual: side,
});

const logprobDrift = z.strictObject({
  positions: z.int().nonnegative(),
  differing: z.int().nonnegative(),
  firstIndex: z.int().nonnegative().nullable(),
  maxAbs: z.number().describe("Nats."),
  meanAbs: z.number().describe("Nats."),
  atFirst: z.number().nullable().describe("Nats, at position 0."),
});

const caseReport = z.strictObject({
  id: z.string(),
  verdict: z.enum(caseVerdicts),
  tier: z.enum(tiers).nullable().describe("Null for an obsolete golden."),
  source: location.nullable().describe("Where the case is written; null for an obsolete golden."),
  golden: location.nullable().describe("The golden file, and the line where the text splits."),
  divergence: divergence.nullable(),
  commonPrefix: z.int().nonnegative().nullable(),
  expectedLength: z.int().nonnegative().nullable(),
  actualLength: z.int().nonnegative().nullable(),
  unit: z.enum(["tokens", "characters"]),
  logprobDrift: logprobDrift.nullable(),
  tokensGenerated: z.int().nonnegative(),
  tokensSaved: z.int().nonnegative().describe("Tokens not generated because the case had split."),
  contractChanges: z.array(z.string()).describe("Such as `sampling.seed 42 → 43`."),
  problems: z.array(problem),
});

const change = z.strictObject({
  key: z.string(),
  group: z.enum(factGroups).describe("What the fact is about."),
  label: z.string(),
  before: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  after: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  weight: z.enum(["breaking", "noted"]),
  rank: z.int().positive(),
});

const diagnosis = z.strictObject({
  cause: z.enum(causes),
  sentence: z.string(),
  evidence: z.array(z.string()),
  cases: z.array(z.string()),
});

const diffLine = z.strictObject({
  kind: z.enum(["same", "removed", "added", "skipped"]),
  text: z.string(),
  lines: z.int().positive().describe("1, or the number of equal lines that are left out."),
});

const goldenChange = z.strictObject({
  id: z.string(),
  hardwareClass: z.string(),
  kind: z.enum(goldenChangeKinds),
  reason: z
    .string()
    .nullable()
    .describe("Of the generation that brought it; null when the base has that generation, too."),
  generation: z.int().positive().nullable().describe("Null for a golden that was removed."),
  file: z.string(),
  diff: z
    .array(diffLine)
    .nullable()
    .describe("Of the texts, base against change; null where one is redacted or too many changed."),
  more: z.int().nonnegative().describe("Lines of the difference that are left out."),
});

const lockChange = z.strictObject({
  hardwareClass: z.string(),
  reason: z.string().nullable().describe("Of a new generation that speaks for it; null when there is none."),
  changes: z
    .array(z.string())
    .describe("Facts, contract fields and generations of the base that say something else, in words."),
  more: z.int().nonnegative().describe("Changes that are left out."),
});

export const reportSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  tool: z.string().describe("Such as `inference-gate 0.1.0`."),
  command: z.enum(["check", "record"]),
  verdict: z.enum(runVerdicts),
  exitCode: z.int().nonnegative(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  commit: z.string().nullable().describe("Full id of the commit that was checked out; null outside of a repository."),
  suite: z
    .strictObject({
      name: z.string(),
      path: z.string(),
      engine: z.string(),
      model: z.string().nullable(),
      runtime: z.string(),
    })
    .nullable()
    .describe("Null when the suite could not be loaded."),
  hardwareClass: z.string().nullable(),
  generation: z.int().nonnegative().nullable(),
  counts: z.strictObject({
    cases: z.int().nonnegative(),
    match: z.int().nonnegative(),
    close: z.int().nonnegative(),
    drift: z.int().nonnegative(),
    unstable: z.int().nonnegative(),
    missing: z.int().nonnegative(),
    obsolete: z.int().nonnegative(),
    error: z.int().nonnegative(),
  }),
  tokens: z.strictObject({
    generated: z.int().nonnegative(),
    saved: z.int().nonnegative(),
    reused: z.int().nonnegative().describe("Taken from the transcript of a resumed run."),
    perSecond: z.number().nonnegative().nullable(),
  }),
  environment: z.strictObject({
    facts: z.array(
      z.strictObject({
        key: z.string(),
        value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
        source: z.string(),
      }),
    ),
    changes: z.array(change),
    contractChanges: z.array(z.string()).describe("Changes of the contract that all cases share."),
  }),
  diagnoses: z.array(diagnosis),
  cases: z.array(caseReport),
  digests: z
    .strictObject({
      contract: z.string().describe("sha256 over canonical JSON of case id to contract digest."),
      goldens: z.string().describe("sha256 over canonical JSON of case id to the digest of its golden's file."),
      lock: z.strictObject({ file: z.string(), digest: z.string() }),
    })
    .nullable()
    .describe("What a check was about; null when it did not get that far."),
  goldenChanges: z
    .strictObject({
      base: z.string().describe("Full id of the commit compared with."),
      policy: z.enum(acceptPolicies),
      movedFrom: z
        .string()
        .nullable()
        .describe("Where the base has the lock of a suite that the change has moved; null otherwise."),
      cases: z.array(goldenChange),
      lock: z
        .array(lockChange)
        .describe("What the lock says otherwise beside its goldens, where no re-recorded golden tells of it."),
    })
    .nullable()
    .describe("Goldens that the change brings itself; null when nothing was compared with a base."),
  problems: z.array(problem).describe("What stopped the run or a part of it; empty otherwise."),
  warnings: z.array(problem).describe("What a reader must know beside the verdict, which it does not change."),
  record: z
    .strictObject({
      mode: z.enum(["missing", "changed", "all"]),
      reason: z.string(),
      written: z.array(z.string()).describe("Ids of the cases whose goldens were written."),
      kept: z.array(z.string()),
      removed: z.array(z.string()),
    })
    .nullable()
    .describe("Only for `record`."),
  transcript: z.string().nullable().describe("Path of the transcript."),
  next: z.array(z.string()).describe("What to do next, one step a line."),
});

export type Report = z.infer<typeof reportSchema>;
export type CaseReport = Report["cases"][number];
