/** What one event of SGLang's stream adds to the answer, whichever of its two ways of streaming is on. */
import type { StreamedToken } from "../../model/completion.ts";
import type { GenerateEvent } from "./replies.ts";

export interface AddedTokens {
  /** Text of several tokens in one event is that of the last one. */
  readonly tokens: readonly Omit<StreamedToken, "index">[];
  /** The whole text so far; a stop string is trimmed from it at the end. */
  readonly whole: string;
}

/**
 * With `--incremental-streaming-output` an event holds only what is new, else the whole answer so far; `meta_info.completion_tokens`
 * always counts the whole.
 */
export function addedTokens(event: GenerateEvent, before: { tokens: number; text: string }): AddedTokens {
  const { meta_info: meta, output_ids: ids } = event;
  const logprobs = meta.output_token_logprobs ?? [];
  const count = Math.max(logprobs.length, ids?.length ?? 0);
  const isWhole =
    count > 0 ? count === meta.completion_tokens && before.tokens > 0 : event.text.startsWith(before.text);
  const start = isWhole ? before.tokens : 0;
  const whole = isWhole ? event.text : before.text + event.text;
  const text = whole.startsWith(before.text) ? whole.slice(before.text.length) : "";
  const tokens = Array.from({ length: Math.max(0, count - start) }, (_, offset) => {
    const at = start + offset;
    const [logprob, id] = logprobs[at] ?? [null, ids?.[at] ?? null];
    return {
      id,
      logprob,
      margin: logprob === null ? null : marginOver(logprob, id, meta.output_top_logprobs?.[at] ?? []),
      text: at === count - 1 ? text : "",
    };
  });
  if (tokens.length > 0 || text === "") return { tokens, whole };
  return { tokens: [{ id: null, logprob: null, margin: null, text }], whole };
}

function marginOver(
  logprob: number,
  id: number | null,
  top: readonly (readonly [number | null, number, ...unknown[]])[],
) {
  const others = top.flatMap(([value, other]) => (other === id || value === null ? [] : [value]));
  return others.length === 0 ? null : logprob - Math.max(...others);
}
