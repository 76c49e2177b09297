/** The sampling of a suite and of each case: checked field by field, laid over each other, and made complete. */
import {
  minTokensAboveMax,
  samplingMissing,
  samplingUnknown,
  samplingUnsupported,
} from "../messages/suite-sampling.ts";
import type { Json } from "../model/json.ts";
import { nearestName } from "../model/nearest-name.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import {
  type CaseSampling,
  neutralSampling,
  type SamplingField,
  type SamplingParams,
  type SamplingSupport,
} from "../model/sampling-params.ts";
import type { EngineName } from "../model/suite.ts";
import { mistypedField } from "./mistyped-field.ts";
import { type SamplingInput, samplingFields, samplingSchema } from "./sampling-schema.ts";
import { parsePart } from "./schema-problems.ts";
import { locationOf, locationOfKey, nodeAt, pathInWords, type Source, type SourcePath } from "./source-tree.ts";

/** What one mapping of sampling fields says; `names` also holds fields whose values were refused. */
export interface SamplingDraft {
  readonly input: SamplingInput;
  readonly names: ReadonlySet<string>;
  readonly source: Source | null;
  readonly path: SourcePath;
}

export const noSampling: SamplingDraft = { input: {}, names: new Set(), source: null, path: [] };

export interface EngineSampling {
  readonly engine: EngineName;
  readonly support: SamplingSupport;
}

const isField = (name: string): name is SamplingField => name in samplingFields && name !== "n";
const fieldNames = Object.keys(samplingFields).filter(isField);
/** Always sent as they are, because no value of them is neutral. */
const mustBeGiven = ["seed", "max_tokens"] as const;

/** Names that other programs use for vLLM's. */
const otherNames: { readonly [name: string]: SamplingField } = {
  max_completion_tokens: "max_tokens",
  max_length: "max_tokens",
  max_new_tokens: "max_tokens",
  n_predict: "max_tokens",
  n_probs: "logprobs",
  num_predict: "max_tokens",
  random_seed: "seed",
  repeat_penalty: "repetition_penalty",
  sampling_seed: "seed",
  stop_sequences: "stop",
  stop_strings: "stop",
  temp: "temperature",
  top_logprobs: "logprobs",
  top_n_tokens: "logprobs",
};

/** Reads one mapping. `honoured` is null when the engine itself was refused, and then nothing is held against it. */
export function readSampling(
  source: Source,
  path: SourcePath,
  honoured: EngineSampling | null,
  problems: Problem[],
): SamplingDraft {
  const node = nodeAt(source, path);
  if (node === null) return noSampling;
  const input = parsePart(samplingSchema, { source, path, help: [] }, problems);
  const names = [...node.fields.keys()];
  if (honoured !== null) {
    problems.push(...names.flatMap((name) => supportProblems(source, [...path, name], name, honoured)));
  }
  return { input: input ?? {}, names: new Set(names), source, path };
}

function supportProblems(source: Source, path: SourcePath, name: string, honoured: EngineSampling): Problem[] {
  const { engine, support } = honoured;
  const extra = support.extra === "asked" ? [] : support.extra;
  if (name === "n" || extra.includes(name)) return [];
  const location = locationOfKey(source, path);
  const words = pathInWords(path);
  if (isField(name)) {
    if (support.fields.includes(name)) return [];
    return [samplingUnsupported({ location, path: words, engine, supported: support.fields })];
  }
  // A name that only other programs use, or a mistyped one of ours, is certainly none of the engine's own.
  const meant = otherNames[name] ?? mistypedField(name, support.fields);
  if (support.extra === "asked" && meant === null) return [];
  const known = [...support.fields, ...extra];
  const nearest = meant ?? nearestName(name, known);
  return [samplingUnknown({ location, path: words, engine, nearest, supported: support.fields })];
}

/** A case's fields over those of the suite over neutral ones. */
export function resolveSampling(suite: SamplingDraft, own: SamplingDraft): CaseSampling {
  const { n: _, ...input } = { ...suite.input, ...own.input };
  const isNamed = (name: string) => suite.names.has(name) || own.names.has(name);
  const params: SamplingParams = {
    ...neutralSampling,
    seed: 0,
    max_tokens: 1,
    ...Object.fromEntries(fieldNames.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]]))),
    // vLLM writes "off" as -1 as well.
    ...(input.top_k === undefined ? {} : { top_k: Math.max(input.top_k, 0) }),
  };
  const extra: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(input)) if (!isField(name) && value !== undefined) extra[name] = value;
  return { params, given: fieldNames.filter(isNamed), extra };
}

export interface SampledCase {
  readonly id: string;
  readonly own: SamplingDraft;
  readonly sampling: CaseSampling;
}

/** Fields without which a case cannot be sent, and fields that exclude each other. `at` is where a missing field belongs. */
export function samplingProblems(
  cases: readonly SampledCase[],
  suite: SamplingDraft,
  at: SourceLocation,
  support: SamplingSupport | null,
): Problem[] {
  const wanted = mustBeGiven.filter((field) => support === null || support.fields.includes(field));
  const missing = wanted.flatMap((field) => {
    const ids = cases.filter(({ sampling }) => !sampling.given.includes(field)).map(({ id }) => id);
    return ids.length === 0 ? [] : [samplingMissing({ location: at, field, ids })];
  });
  const contradictions = cases.flatMap(({ id, own, sampling: { params, given } }) => {
    if (!given.includes("max_tokens") || params.min_tokens <= params.max_tokens) return [];
    const { source, path } = own.names.has("min_tokens") || own.names.has("max_tokens") ? own : suite;
    if (source === null) return [];
    const field = nodeAt(source, [...path, "min_tokens"]) === null ? "max_tokens" : "min_tokens";
    const location = locationOf(source, [...path, field]);
    return [minTokensAboveMax({ location, minTokens: params.min_tokens, maxTokens: params.max_tokens, caseId: id })];
  });
  return [...missing, ...contradictions];
}
