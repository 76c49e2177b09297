/** Parts that sample runs are put together from; every value is one that a real run could have. */
import { type CaseId, parseCaseId, type Tier } from "../../src/model/case.ts";
import type { Comparison, DivergenceSide, FirstDivergence } from "../../src/model/comparison.ts";
import { type Digest, parseDigest } from "../../src/model/digest.ts";
import type { EnvironmentChange } from "../../src/model/fingerprint.ts";
import { parseHardwareClass } from "../../src/model/fingerprint.ts";
import type { Problem, SourceLocation } from "../../src/model/problem.ts";
import type { ReportedCase, ReportInput } from "../../src/report/build-report.ts";

const suiteFile = "inference-gate/suite.yml";
const goldenFolder = "inference-gate/goldens/cpu-x86-64-v3-t2";

export function caseId(text: string): CaseId {
  const id = parseCaseId(text);
  if (id === null) throw new Error(`${text} is no case id`);
  return id;
}

export function digest(hexDigit: string): Digest {
  const parsed = parseDigest(`sha256:${hexDigit.repeat(64)}`);
  if (parsed === null) throw new Error(`${hexDigit} is no hexadecimal digit`);
  return parsed;
}

const hardwareClass = parseHardwareClass("cpu-x86-64-v3-t2");
if (hardwareClass === null) throw new Error("no hardware class");
export const measuredClass = hardwareClass;

export const at = (line: number | null, file = suiteFile): SourceLocation => ({
  file,
  line,
  column: line === null ? null : 5,
});

/** A check of the sample suite that found nothing yet. */
export const emptyRun: ReportInput = {
  command: "check",
  tool: "inference-gate 0.1.0",
  startedAt: "2026-11-23T10:00:00.000Z",
  durationMs: 24_130,
  suitePath: "inference-gate/suite.yml",
  commit: null,
  goldenChanges: null,
  warnings: [],
  digests: null,
  suite: {
    name: "support-assistant",
    engine: { name: "llama-cpp", command: null, args: {}, env: {}, url: null, source: at(3) },
    model: { name: "SmolLM2-135M-Instruct", revision: null, path: "/models/smollm2.gguf", source: at(9) },
    runtime: "process",
  },
  fingerprint: {
    hardwareClass,
    facts: [
      { key: "cpu.model", value: "AMD EPYC 7B13", source: "/proc/cpuinfo" },
      { key: "engine.version", value: "b6700", source: "GET /props" },
    ],
  },
  generation: 3,
  environmentChanges: [],
  contractChanges: [],
  results: [],
  diagnoses: [],
  problems: [],
  tokensReused: 0,
  replayMs: 21_400,
  record: null,
  transcript: ".inference-gate/transcripts/check-20261123-100000.jsonl",
};

/** A run that never reached an engine. */
export const notStarted: ReportInput = {
  ...emptyRun,
  durationMs: 40,
  fingerprint: null,
  generation: null,
  replayMs: 0,
  transcript: null,
};

const nothingCompared = { comparison: null, problems: [], golden: null, contractChanges: [], tokensSaved: 0 };

/** A case that has no comparison. */
export function plainCase(
  id: string,
  verdict: ReportedCase["verdict"],
  line: number,
  tier: Tier = "tokens",
): ReportedCase {
  const item = { source: at(line), compare: { tier, maxLogprobDelta: 0, nearTie: 0 } };
  return { ...nothingCompared, id, item, verdict, tokensGenerated: 0 };
}

export function goldenAt(id: string, line: number | null): SourceLocation {
  return { file: `${goldenFolder}/${id}.json`, line, column: null };
}

export function matching(count: number, tokens = 256): readonly ReportedCase[] {
  return Array.from({ length: count }, (_, index) => ({
    ...plainCase(`essay-${String(index + 1).padStart(2, "0")}`, "match", 20 + index),
    golden: goldenAt(`essay-${index + 1}`, null),
    tokensGenerated: tokens,
  }));
}

export const side = (text: string, numbers: Partial<DivergenceSide> = {}): DivergenceSide => ({
  tokenId: null,
  logprob: null,
  margin: null,
  text,
  ...numbers,
});

export function splitAt(index: number | null, about: Partial<FirstDivergence> = {}): FirstDivergence {
  return {
    kind: "token",
    tokenIndex: index,
    textOffset: index === null ? null : index * 5,
    textLine: index === null ? null : 4,
    before: "",
    expected: side(""),
    actual: side(""),
    ...about,
  };
}

/** A case whose completion left its golden. */
export function drifting(
  id: string,
  line: number,
  divergence: FirstDivergence,
  about: Partial<Comparison> = {},
  result: Partial<ReportedCase> = {},
): ReportedCase {
  const at = divergence.tokenIndex ?? 0;
  const comparison: Comparison = {
    caseId: caseId(id),
    tier: "tokens",
    verdict: "drift",
    divergence,
    commonPrefix: at,
    expectedLength: 256,
    actualLength: at + 1,
    unit: "tokens",
    logprobDrift: null,
    promptEqual: true,
    stoppedEarly: true,
    ...about,
  };
  return {
    ...plainCase(id, "drift", line, comparison.tier),
    comparison,
    golden: goldenAt(id, divergence.textLine === null ? null : divergence.textLine + 30),
    tokensGenerated: at + 1,
    tokensSaved: comparison.stoppedEarly ? comparison.expectedLength - comparison.actualLength : 0,
    ...result,
  };
}

export const change = (about: Partial<EnvironmentChange> & Pick<EnvironmentChange, "label">): EnvironmentChange => ({
  key: about.label.replaceAll(" ", "."),
  group: "engine",
  before: null,
  after: null,
  weight: "breaking",
  rank: 1,
  ...about,
});

/** A problem in words of its own, so that these samples do not change with the messages of other rooms. */
export const problem = (about: Partial<Problem> & Pick<Problem, "code" | "title">): Problem => ({
  verdict: "error",
  location: null,
  found: null,
  expected: null,
  help: [],
  evidence: [],
  ...about,
});
