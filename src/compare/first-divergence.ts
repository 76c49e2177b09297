/** Where two completions first part: prompt ids, token, length, text, finish reason, output digest, log-probabilities, in this order. */
import type { FirstDivergence } from "../model/comparison.ts";
import type { Completion } from "../model/completion.ts";
import { isEmptyAnswer } from "../model/empty-answer.ts";
import { commonIds, commonText, type Pair } from "./common-prefix.ts";
import {
  divergenceAfterText,
  divergenceAtToken,
  divergenceInText,
  divergenceWithoutText,
} from "./divergence-context.ts";

/** What of a completion is looked at. */
export interface Strictness {
  /** `ids`: prompt ids and output ids as well as the text; `text`: the text only. */
  readonly output: "ids" | "text";
  /** First of the leading `end` tokens whose log-probability is not as asked for; null when all are. */
  readonly logprobsDifferAt: (pair: Pair, end: number) => number | null;
}

/**
 * Null when everything that is looked at is equal and the completion is neither empty nor aborted. An aborted completion is
 * judged by what it holds: that it is shorter, and ended otherwise, comes last.
 */
export function firstDivergence(pair: Pair, strictness: Strictness): FirstDivergence | null {
  if (strictness.output === "text") {
    return textDivergence(pair) ?? finishDivergence(pair) ?? outputDivergence(pair) ?? emptyDivergence(pair);
  }
  const split = promptDivergence(pair) ?? unknownIds(pair) ?? tokenDivergence(pair);
  if (split !== null) return split;
  const logprobs = () => logprobDivergence(pair, strictness);
  return pair.actual.finishReason === "abort"
    ? (overlong(pair) ?? textDivergence(pair) ?? logprobs() ?? lengthDivergence(pair) ?? finishDivergence(pair))
    : (lengthDivergence(pair) ??
        textDivergence(pair) ??
        finishDivergence(pair) ??
        outputDivergence(pair) ??
        logprobs() ??
        emptyDivergence(pair));
}

/** Whether both sides saw the same prompt ids; null when a side does not tell. */
export function promptsEqual(expected: Completion, actual: Completion): boolean | null {
  const { promptTokenIds: before } = expected;
  const { promptTokenIds: now } = actual;
  if (before === null || now === null) return null;
  return before.length === now.length && commonIds(before, now) === before.length;
}

function promptDivergence({ expected, actual }: Pair): FirstDivergence | null {
  if (promptsEqual(expected, actual) !== false) return null;
  const before = expected.promptTokenIds ?? new Uint32Array();
  const now = actual.promptTokenIds ?? new Uint32Array();
  const index = commonIds(before, now);
  return divergenceWithoutText("prompt", { index, expected: before[index] ?? null, actual: now[index] ?? null });
}

/** Ids were asked for and a side has none: equality cannot be shown. */
function unknownIds(pair: Pair): FirstDivergence | null {
  return pair.commonTokens === null ? { ...divergenceInText(pair, "token"), tokenIndex: null } : null;
}

function tokenDivergence(pair: Pair): FirstDivergence | null {
  const index = pair.commonTokens ?? 0;
  return index < idCount(pair.expected) && index < idCount(pair.actual)
    ? divergenceAtToken(pair, "token", index)
    : null;
}

function lengthDivergence(pair: Pair): FirstDivergence | null {
  return idCount(pair.expected) === idCount(pair.actual)
    ? null
    : divergenceAtToken(pair, "length", pair.commonTokens ?? 0);
}

function overlong(pair: Pair): FirstDivergence | null {
  return idCount(pair.actual) > idCount(pair.expected) ? lengthDivergence(pair) : null;
}

/** Kind `length` where only text is known and one text is the beginning of the other. */
function textDivergence(pair: Pair): FirstDivergence | null {
  const { expected, actual } = pair;
  if (expected.text === actual.text) return null;
  const common = commonText(expected.text, actual.text);
  const isPrefix = common === expected.text.length || common === actual.text.length;
  const isSameIds = pair.commonTokens !== null && pair.commonTokens === Math.max(idCount(expected), idCount(actual));
  if (actual.finishReason === "abort" && pair.commonTokens !== null && common === actual.text.length) return null;
  return divergenceInText(pair, isPrefix && !isSameIds ? "length" : "text");
}

function finishDivergence(pair: Pair): FirstDivergence | null {
  const [before, now] = [pair.expected.finishReason, pair.actual.finishReason];
  return before === now && now !== "abort"
    ? null
    : divergenceAfterText(pair, "finish-reason", { expected: before, actual: now });
}

function outputDivergence(pair: Pair): FirstDivergence | null {
  const [before, now] = [pair.expected.outputDigest, pair.actual.outputDigest];
  return before === now ? null : divergenceAfterText(pair, "output", { expected: before ?? "", actual: now ?? "" });
}

function logprobDivergence(pair: Pair, strictness: Strictness): FirstDivergence | null {
  const index = strictness.logprobsDifferAt(pair, pair.commonTokens ?? 0);
  return index === null ? null : divergenceAtToken(pair, "logprob", index);
}

/** Nothing equals nothing, but an empty completion is no answer. */
function emptyDivergence(pair: Pair): FirstDivergence | null {
  return isEmptyAnswer(pair.actual) ? divergenceAtToken(pair, "length", 0) : null;
}

const idCount = (completion: Completion) => completion.tokenIds?.length ?? 0;
