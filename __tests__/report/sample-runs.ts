/** One run of every kind that a reader can meet, by the name of the file that shows its report. */
import { environmentDifference } from "../../src/environment/environment-difference.ts";
import { goldensChanged, lockChanged } from "../../src/messages/golden-changes.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { ReportedCase, ReportInput } from "../../src/report/build-report.ts";
import { packagesOf031, packagesOf032 } from "../fixtures/attestation/recorded.ts";
import * as drifts from "./sample-drifts.ts";
import {
  at,
  change,
  digest,
  emptyRun,
  goldenAt,
  matching,
  measuredClass,
  notStarted,
  plainCase,
  problem,
} from "./sample-parts.ts";

/** Three goldens of which one is new; the first one's answer is that of a hostile model. */
const bringsGoldens: NonNullable<ReportInput["goldenChanges"]> = {
  movedFrom: null,
  base: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
  policy: "with-reason",
  cases: [
    {
      ...{ id: "intro", hardwareClass: "cpu-x86-64-v3-t2", kind: "changed", generation: 4, more: 0 },
      reason: "prompt template 4 ends with a blank line",
      file: "inference-gate/goldens/cpu-x86-64-v3-t2/intro.json",
      diff: [
        { kind: "skipped", text: "", lines: 12 },
        { kind: "same", text: "The court decides.", lines: 1 },
        { kind: "removed", text: "It is the highest.", lines: 1 },
        { kind: "added", text: "``` @octocat <img src=x> \u001b[31m", lines: 1 },
      ],
    },
    {
      ...{ id: "uk-vs-usa", hardwareClass: "cpu-x86-64-v3-t2", kind: "removed", generation: null, more: 0 },
      reason: "the two essays became one",
      file: "inference-gate/goldens/cpu-x86-64-v3-t2/uk-vs-usa.json",
      diff: null,
    },
    {
      ...{ id: "poem", hardwareClass: "cpu-x86-64-v3-t2", kind: "added", generation: 4, more: 30 },
      reason: "prompt template 4 ends with a blank line",
      file: "inference-gate/goldens/cpu-x86-64-v3-t2/poem.json",
      diff: Array.from({ length: 40 }, (_, index) => ({ kind: "added" as const, text: `line ${index}`, lines: 1 })),
    },
  ],
  lock: [],
};

const upgraded = {
  hardwareClass: measuredClass,
  facts: Object.entries(packagesOf032).map(([key, value]) => ({ key, value, source: "ready message" })),
};

const weightsDiagnosis = {
  cause: "weights",
  sentence:
    "The very first token already has another log-probability in every case: weights, quantisation, dtype or revision differ.",
  evidence: ["first-position log-probability differs by 0.2143 nats in uk-vs-usa", "the prompt token ids are equal"],
  cases: ["uk-vs-usa"],
} as const;

const numericsDiagnosis = {
  cause: "numerics",
  sentence:
    "Small differences in the log-probabilities add up until a near tie falls the other way: kernels, libraries, driver or batch shape.",
  evidence: ["summary-of-a-contract: margin 0.00061 nats at the split", "median drift before the split 0.00021 nats"],
  cases: ["summary-of-a-contract"],
} as const;

const weightsChange = change({
  label: "model file smollm2.gguf",
  before: digest("a"),
  after: digest("7"),
  rank: 2,
});

const missingCases: readonly ReportedCase[] = ["refund", "invoice", "opening-hours"].map((id, index) => ({
  ...plainCase(id, "missing", 80 + index),
  problems: [
    problem({
      code: "commands/golden-missing",
      title: `Case ${id} has no golden for hardware class cpu-x86-64-v3-t2.`,
      location: at(80 + index),
      help: ["Record it: inference-gate record --mode missing"],
    }),
  ],
}));

const obsoleteGolden: ReportedCase = {
  ...plainCase("old-essay", "obsolete", 1),
  item: null,
  golden: goldenAt("old-essay", null),
  problems: [
    problem({
      code: "commands/golden-obsolete",
      title: "The golden of old-essay has no case in the suite.",
      location: goldenAt("old-essay", null),
      help: ["If the case was removed on purpose: inference-gate record --mode changed"],
    }),
  ],
};

const unstableCases: readonly ReportedCase[] = [
  { ...drifts.nearTie, verdict: "unstable" },
  { ...drifts.ordinaryDrift, verdict: "unstable" },
];

const unstableRecorded: readonly ReportedCase[] = ["haiku", "summary-of-a-contract"].map((id, index) => ({
  ...plainCase(id, "unstable", 40 + index),
  problems: [
    problem({
      code: "commands/unstable-case",
      title: `Case ${id} is unstable: repeats disagree.`,
      location: at(40 + index),
      found: `launch 2, repeat ${index + 1} parts from the first answer at output token 57`,
      expected: "the same answer from every repeat of every launch",
      help: ["Make the engine deterministic (docs/engines.md says how for each engine), then record again."],
    }),
  ],
}));

const manyDrifts: readonly ReportedCase[] = Array.from({ length: 14 }, (_, index) => ({
  ...drifts.ordinaryDrift,
  id: `uk-vs-usa-${index + 1}`,
}));

const usageProblems: readonly Problem[] = [
  ["unknown-field", 'Unknown field "temprature".', 14, '"temprature"', "temperature", "Write temperature."],
  [
    "duplicate-case-id",
    'Two cases are called "essay".',
    31,
    '"essay", first in line 22',
    "an id of its own for each case",
    "Rename one.",
  ],
  [
    "bad-case-id",
    'The case id "a/b" cannot be a file name.',
    35,
    '"a/b"',
    "1 to 100 of letters, digits, . _ -",
    'Write "a-b".',
  ],
  ["missing-field", "sampling.seed is missing.", 12, "nothing", "a whole number", "Add for example: seed: 42"],
  [
    "unlocked-image",
    'Image tag "latest" is not locked.',
    2,
    '"team/vllm:latest"',
    "a digest",
    "Add its digest: team/vllm@sha256:…",
  ],
].map(([code, title, line, found, expected, help]) => ({
  code: `suite/${code}`,
  verdict: "usage",
  title: String(title),
  location: at(Number(line)),
  found: String(found),
  expected: String(expected),
  help: [String(help)],
  evidence: [],
}));

const engineLog = Array.from({ length: 50 }, (_, index) =>
  index === 49
    ? "error: failed to open GGUF file '/models/smollm2.gguf' (No such file or directory)"
    : `llama_model_loader: - kv ${String(index).padStart(3)}: tokenizer.ggml.tokens arr[str,49152] = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", …]`,
);

const runs: { readonly [name: string]: ReportInput } = {
  match: { ...emptyRun, results: matching(20) },
  "match-with-close": {
    ...emptyRun,
    environmentChanges: [
      change({ label: "driver version", before: "550.54", after: "560.28", weight: "noted", rank: 5 }),
    ],
    results: [...matching(18), { ...drifts.nearTie, verdict: "close", tokensSaved: 0 }],
  },
  "goldens-not-compared": {
    ...emptyRun,
    results: matching(20),
    warnings: [
      problem({
        code: "goldens/not-compared-with-base",
        title: "The goldens of this change were not compared with those of its base.",
        location: at(null, "inference-gate/suite.lock.yml"),
        found: 'base "0a1b2c3d4e5f": the clone does not hold it, and GitHub would not tell: Not Found',
        expected: "the goldens of the base, in the clone or from GitHub",
        help: [
          "Look at the goldens and the lock that this change brings: its verdict says nothing about them.",
          "In the workflow, let actions/checkout fetch the base: with: { fetch-depth: 0 }",
        ],
      }),
    ],
  },
  "goldens-moved-with-the-suite": {
    ...emptyRun,
    results: matching(20),
    goldenChanges: { ...bringsGoldens, movedFrom: "gates/support.lock.yml", cases: [] },
  },
  "goldens-changed-in-the-change": { ...emptyRun, results: matching(20), goldenChanges: bringsGoldens },
  "goldens-changed-against-policy": {
    ...emptyRun,
    fingerprint: null,
    goldenChanges: { ...bringsGoldens, policy: "never" },
    problems: [
      goldensChanged({ file: "inference-gate/suite.lock.yml", cases: ["intro", "uk-vs-usa"], policy: "never" }),
    ],
  },
  "lock-edited-in-the-change": {
    ...emptyRun,
    fingerprint: null,
    goldenChanges: {
      ...{ base: bringsGoldens.base, policy: "with-reason", movedFrom: null, cases: [] },
      lock: [
        {
          ...{ hardwareClass: "cpu-x86-64-v3-t2", reason: null, more: 3 },
          changes: ["generation 1 was rewritten", "engine version b6811 → <img src=x> @octocat"],
        },
      ],
    },
    problems: [
      lockChanged({
        file: "inference-gate/suite.lock.yml",
        changes: ["cpu-x86-64-v3-t2: generation 1 was rewritten"],
        policy: "with-reason",
      }),
    ],
  },
  "drift-one-case": { ...emptyRun, results: [...matching(19), drifts.ordinaryDrift], diagnoses: [weightsDiagnosis] },
  "drift-many-cases": {
    ...emptyRun,
    results: [...matching(6), ...manyDrifts],
    diagnoses: [{ ...weightsDiagnosis, cases: manyDrifts.map(({ id }) => id) }],
  },
  "drift-near-tie": { ...emptyRun, results: [...matching(3), drifts.nearTie], diagnoses: [numericsDiagnosis] },
  "drift-length": { ...emptyRun, results: [...matching(3), drifts.tooShort] },
  "drift-prompt": { ...emptyRun, results: [...matching(3), drifts.otherPrompt] },
  "drift-text-tier": { ...emptyRun, results: [drifts.textTier] },
  "drift-other-kinds": { ...emptyRun, results: [drifts.otherReason, drifts.silentDrift, drifts.otherDigest] },
  "drift-redacted": { ...emptyRun, results: [...matching(3), drifts.redacted] },
  "drift-hostile-output": {
    ...emptyRun,
    results: [drifts.hostileModel],
    diagnoses: [
      { cause: "unknown", sentence: "::error::\u001b[31mnot ours", evidence: ["##[error]x"], cases: ["hostile"] },
    ],
  },
  unstable: {
    ...emptyRun,
    results: [...matching(4), ...unstableCases],
    diagnoses: [
      {
        cause: "unstable-engine",
        sentence: "The engine disagrees with itself in this run, so these cases give no verdict on the change.",
        evidence: ["summary-of-a-contract: asked again, it split from its own first answer at token 143"],
        cases: unstableCases.map(({ id }) => id),
      },
    ],
  },
  "missing-and-obsolete": { ...emptyRun, results: [...matching(4), ...missingCases, obsoleteGolden] },
  "environment-changed": {
    ...emptyRun,
    results: matching(20),
    environmentChanges: [
      change({ label: "driver version", before: "550.54", after: "560.28", weight: "noted", rank: 5 }),
      weightsChange,
    ],
    contractChanges: ["engine.args.ctx_size 4096 → 8192"],
  },
  "environment-changed-by-an-upgrade": {
    ...emptyRun,
    results: matching(20),
    environmentChanges: [
      change({ label: "engine version", before: "0.31.0", after: "0.32.0", rank: 1 }),
      ...environmentDifference(packagesOf031, upgraded, { driver: "noted" }),
      change({ label: "engine setting cache.block_size", group: "settings", before: 16, after: 128, rank: 4000 }),
      change({ label: "kernel", group: "machine", before: "6.1.0", after: "6.1.9", weight: "noted", rank: 9000 }),
    ],
  },
  "environment-changed-with-drift": {
    ...emptyRun,
    results: [...matching(2), drifts.ordinaryDrift],
    environmentChanges: [
      change({ label: "engine version", before: "b6700", after: "b6812", rank: 1 }),
      weightsChange,
      change({ label: "engine build option GGML_CUDA_FORCE_MMQ", before: null, after: true, rank: 4 }),
    ],
    diagnoses: [
      {
        cause: "environment",
        sentence: "What runs is not what was recorded, so the outputs cannot be expected to agree.",
        evidence: ["engine version: b6700 → b6812"],
        cases: ["uk-vs-usa"],
      },
    ],
  },
  "contract-of-a-case-changed": { ...emptyRun, results: [...matching(3), drifts.contractChanged] },
  "error-engine-did-not-start": {
    ...notStarted,
    problems: [
      problem({
        code: "runtimes/exited-early",
        title: "The engine ended before it was ready.",
        found: "exit code 1 after 0.4 s: llama-server --host 127.0.0.1 --port 20711 --model /models/smollm2.gguf",
        expected: "GET /health with status 200 within 120 s",
        evidence: engineLog,
        help: ["See whether the model file is there.", "Run the command by hand to see what it says."],
      }),
    ],
  },
  "error-in-a-case": {
    ...emptyRun,
    results: [
      ...matching(4),
      {
        ...plainCase("endless", "error", 71),
        golden: goldenAt("endless", null),
        problems: [
          problem({
            code: "replay/case-timeout",
            title: "Case endless did not finish in time.",
            location: at(71),
            found: "57 tokens after 600 s",
            expected: "the whole completion within timeouts.case_s (600 s)",
            help: ["Raise timeouts.case_s in the suite, or lower sampling.max_tokens of the case."],
          }),
        ],
      },
    ],
  },
  usage: { ...notStarted, suite: null, durationMs: 0, problems: usageProblems },
  "record-ok": {
    ...emptyRun,
    command: "record",
    results: matching(5),
    record: {
      mode: "missing",
      reason: "three new prompts from the support team",
      written: ["essay-01", "essay-02", "essay-03", "essay-04", "essay-05"],
      kept: ["faq", "haiku"],
      removed: ["old-essay"],
    },
  },
  "record-nothing-to-do": {
    ...emptyRun,
    command: "record",
    durationMs: 1800,
    record: { mode: "missing", reason: "", written: [], kept: ["faq", "haiku"], removed: [] },
  },
  "record-with-unstable": {
    ...emptyRun,
    command: "record",
    results: [...matching(3), ...unstableRecorded],
    record: {
      mode: "changed",
      reason: "llama.cpp b6812",
      written: ["essay-01", "essay-02", "essay-03"],
      kept: [],
      removed: [],
    },
  },
};

/** With times that fit the number of tokens. */
function timed(run: ReportInput): ReportInput {
  const generated = run.results.reduce((sum, result) => sum + result.tokensGenerated, 0);
  return generated === 0 ? run : { ...run, replayMs: generated * 4.7, durationMs: generated * 4.7 + 2400 };
}

export const sampleRuns: { readonly [name: string]: ReportInput } = Object.fromEntries(
  Object.entries(runs).map(([name, run]) => [name, timed(run)]),
);
