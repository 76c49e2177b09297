/** Token ids and log-probabilities of one streamed chunk, in whichever of three ways the server tells them. */
import type { Choice, Logprobs } from "./replies.ts";

export interface TokenNumbers {
  readonly id: number | null;
  /** Nats. */
  readonly logprob: number | null;
  /** Nats. */
  readonly margin: number | null;
}

/**
 * One entry a token of the chunk; null when the server told two numbers of tokens. Ids come from `token_ids`, from `token_id:N` in place of
 * a token's text, or from an `id` beside it (llama.cpp).
 */
export function tokenNumbers({ token_ids: ids, logprobs }: Choice): readonly TokenNumbers[] | null {
  const listed = fromLogprobs(logprobs);
  if (ids === null || ids === undefined) return listed;
  if (listed.length === 0) return ids.map((id) => ({ id, logprob: null, margin: null }));
  if (listed.length !== ids.length) return null;
  return ids.map((id, index) => ({
    id,
    logprob: listed[index]?.logprob ?? null,
    margin: listed[index]?.margin ?? null,
  }));
}

function fromLogprobs(logprobs: Logprobs): readonly TokenNumbers[] {
  if (logprobs === null || logprobs === undefined) return [];
  if ("content" in logprobs)
    return (logprobs.content ?? []).map(({ token, id = idIn(token), logprob, top_logprobs: top }) => {
      const others = top.filter((other) =>
        id === null ? other.token !== token : (other.id ?? idIn(other.token)) !== id,
      );
      return {
        id,
        logprob,
        margin: marginOver(
          logprob,
          others.map((other) => other.logprob),
        ),
      };
    });
  const { tokens, token_logprobs: numbers, top_logprobs: tops } = logprobs;
  return tokens.map((token, index) => {
    const logprob = numbers[index] ?? null;
    const others = Object.entries(tops?.[index] ?? {}).flatMap(([other, value]) => (other === token ? [] : [value]));
    return { id: idIn(token), logprob, margin: logprob === null ? null : marginOver(logprob, others) };
  });
}

function idIn(token: string): number | null {
  const found = /^token_id:([0-9]+)$/.exec(token);
  return found === null ? null : Number(found[1]);
}

const marginOver = (logprob: number, others: readonly number[]) =>
  others.length === 0 ? null : logprob - Math.max(...others);
