/** Small completions and goldens for the tests of comparison and diagnosis. */
import type { CaseId, ComparePolicy, Tier } from "../../src/model/case.ts";
import { parseCaseId } from "../../src/model/case.ts";
import type { Completion, StreamedToken } from "../../src/model/completion.ts";
import { type Digest, parseDigest } from "../../src/model/digest.ts";
import { parseHardwareClass } from "../../src/model/fingerprint.ts";
import type { Golden, GoldenContent, RedactedCompletion } from "../../src/model/golden.ts";

function some<T>(value: T | null): T {
  if (value === null) throw new Error("not a value");
  return value;
}

export const caseId = (text: string): CaseId => some(parseCaseId(text));

/** The digest made of one hexadecimal digit. */
export const digest = (digit: string): Digest => some(parseDigest(`sha256:${digit.repeat(64)}`));

export const policy = (tier: Tier, limits: Partial<ComparePolicy> = {}): ComparePolicy => ({
  tier,
  maxLogprobDelta: 0.01,
  nearTie: 0.05,
  ...limits,
});

/** Each word is a token with an id of its own, log-probability -0.5 and margin 1. */
export function completion(words: readonly string[], changes: Partial<Completion> = {}): Completion {
  let length = 0;
  return {
    promptTokenIds: Uint32Array.of(1, 2, 3),
    tokenIds: Uint32Array.from(words, idOf),
    logprobs: new Float32Array(words.length).fill(-0.5),
    margins: new Float32Array(words.length).fill(1),
    textEnds: Uint32Array.from(words, (word) => {
      length += word.length;
      return length;
    }),
    text: words.join(""),
    outputDigest: null,
    finishReason: "stop",
    ...changes,
  };
}

/** An id for a word: a hash, the same in every test. */
export function idOf(word: string): number {
  let id = 7;
  for (let index = 0; index < word.length; index += 1) id = (id * 31 + word.charCodeAt(index)) % 100_003;
  return id;
}

/** The same numbers but for those at the given positions. */
export function floats(length: number, fill: number, others: { readonly [index: number]: number } = {}): Float32Array {
  const values = new Float32Array(length).fill(fill);
  for (const [index, value] of Object.entries(others)) values[Number(index)] = value;
  return values;
}

export function golden(content: Completion | GoldenContent, id = "case"): Golden {
  return {
    caseId: caseId(id),
    hardwareClass: some(parseHardwareClass("cpu-test-t1")),
    generation: 1,
    contract: digest("c"),
    prompt: digest("d"),
    sampling: {},
    repeats: { launches: 2, perLaunch: 2, agreed: "bits" },
    content: "kind" in content ? content : { kind: "full", completion: content },
  };
}

export const redactedGolden = (completion: RedactedCompletion): Golden => golden({ kind: "redacted", completion });

/** What an engine would have streamed. */
export function streamOf(completion: Completion): StreamedToken[] {
  return Array.from(completion.tokenIds ?? [], (id, index) => ({
    index,
    id,
    logprob: completion.logprobs?.[index] ?? null,
    margin: completion.margins?.[index] ?? null,
    text: completion.text.slice(index === 0 ? 0 : completion.textEnds?.[index - 1], completion.textEnds?.[index]),
  }));
}

/** The completion as the gate leaves it when it stops after `count` tokens. */
export function abortedAfter(completion: Completion, count: number): Completion {
  return {
    ...completion,
    tokenIds: completion.tokenIds?.slice(0, count) ?? null,
    logprobs: completion.logprobs?.slice(0, count) ?? null,
    margins: completion.margins?.slice(0, count) ?? null,
    textEnds: completion.textEnds?.slice(0, count) ?? null,
    text: completion.text.slice(0, count === 0 ? 0 : completion.textEnds?.[count - 1]),
    finishReason: "abort",
  };
}
