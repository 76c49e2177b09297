/** The end of an answer in the JSON Lines protocol: tokens and output put together, if they agree. */
import type { Completion } from "../../model/completion.ts";
import { parseDigest } from "../../model/digest.ts";
import type { CompletionBuilder } from "../completion-builder.ts";
import type { OutputLine } from "./json-lines-messages.ts";

export type CompletedBy =
  | { readonly kind: "completed"; readonly completion: Completion }
  | { readonly kind: "contradiction"; readonly why: string };

/** A program that does not stream gives its tokens or its text here; they are then passed on as if they had come one by one. */
export function completedBy(builder: CompletionBuilder, output: OutputLine, isStopped: boolean): CompletedBy {
  const ids = output.token_ids ?? null;
  const text = output.text ?? null;
  const hasStreamed = builder.length > 0;
  if (!isStopped && output.finish_reason === "abort") return { kind: "contradiction", why: "it was not told to stop" };
  let isEndedHere = isStopped;
  if (!hasStreamed && ids !== null) {
    for (const [index, id] of ids.entries()) {
      const added = index === ids.length - 1 ? (text ?? "") : "";
      isEndedHere = builder.push({ id, logprob: null, margin: null, text: added }) === "stop";
      if (isEndedHere) break;
    }
  } else if (!hasStreamed && text !== null && text !== "") {
    isEndedHere = builder.push({ id: null, logprob: null, margin: null, text }) === "stop";
  }
  const completion = builder.finish({
    promptTokenIds: output.prompt_token_ids ? Uint32Array.from(output.prompt_token_ids) : null,
    finishReason: isEndedHere ? "abort" : output.finish_reason,
    text: isEndedHere ? null : text,
    outputDigest: isEndedHere ? null : parseDigest(output.output_digest ?? ""),
  });
  const isSame = ids === null || isEndedHere || !hasStreamed || (completion.tokenIds ?? []).join() === ids.join();
  return isSame
    ? { kind: "completed", completion }
    : { kind: "contradiction", why: "its token_ids are not those it sent" };
}
