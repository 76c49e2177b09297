/** Which answer of a script is due, and its tokens. */
import type { CompleteLine } from "../protocols/json-lines-messages.ts";
import { pseudoModel, type ScriptedToken, tokensOfText } from "./pseudo-model.ts";
import type { Script, ScriptedAnswer } from "./script-schema.ts";

/** Where a request stands; both count from 1. */
export interface Turn {
  readonly call: number;
  readonly launch: number;
}

/** The answer with the changes of this launch and this call laid over it; null for a case without an answer. */
export function scriptedAnswer(script: Script, caseId: string, turn: Turn): ScriptedAnswer | null {
  const found =
    script.cases !== undefined && Object.hasOwn(script.cases, caseId) ? script.cases[caseId] : script.default;
  if (found === undefined) return null;
  const { on_call: onCall = {}, on_launch: onLaunch = {}, ...answer } = found;
  return [onLaunch[String(turn.launch)], onCall[String(turn.call)]].reduce<ScriptedAnswer>(
    (before, change) => (change === undefined ? before : changed(before, change)),
    answer,
  );
}

/** True when any answer depends on the launch. */
export function dependsOnLaunch(script: Script): boolean {
  return [script.default, ...Object.values(script.cases ?? {})].some((answer) => answer?.on_launch !== undefined);
}

/** Tokens within sampling.max_tokens, and how the output ends. */
export function tokensOf(
  answer: ScriptedAnswer,
  asked: CompleteLine,
): { readonly tokens: Iterable<ScriptedToken>; readonly finishReason: "stop" | "length" } {
  const limit = asked.sampling.max_tokens;
  const withinLimit = (tokens: readonly ScriptedToken[]) =>
    ({ tokens: tokens.slice(0, limit), finishReason: tokens.length > limit ? "length" : "stop" }) as const;
  const { generate, tokens, text } = answer;
  const ended = (() => {
    if (tokens !== undefined)
      return withinLimit(tokens.map(({ logprob = null, margin = null, ...token }) => ({ ...token, logprob, margin })));
    if (generate === undefined) return withinLimit(tokensOfText(text ?? ""));
    const wanted = generate.tokens ?? limit;
    const generation = {
      count: Math.min(wanted, limit),
      salt: generate.salt ?? "",
      changeAt: generate.change_at ?? null,
      logprobShift: generate.logprob_shift ?? 0,
    };
    return { tokens: pseudoModel(asked, generation), finishReason: wanted < limit ? "stop" : "length" } as const;
  })();
  return { tokens: ended.tokens, finishReason: answer.finish_reason ?? ended.finishReason };
}

const contents = ["text", "tokens", "generate", "output_digest"] as const;

function changed(before: ScriptedAnswer, change: ScriptedAnswer): ScriptedAnswer {
  const replacesContent = contents.some((name) => change[name] !== undefined);
  const { text, tokens, generate, output_digest, ...rest } = before;
  return replacesContent ? { ...rest, ...change } : { ...rest, text, tokens, generate, output_digest, ...change };
}
