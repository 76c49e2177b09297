/** A conversation with an OpenAI-compatible server: streamed completions and chat completions. */
import { errorInStream, noTokenIds, tokenCountDiffers, wrongModel } from "../../../messages/engines-reply.ts";
import type { Completion, FinishReason } from "../../../model/completion.ts";
import { GateError } from "../../../model/problem.ts";
import type { CompletionRequest, EngineFacts } from "../../../model/request.ts";
import { type CompletionBuilder, completionBuilder } from "../../completion-builder.ts";
import type { EngineSession } from "../../engine.ts";
import { type Ask, cutOff, malformed, shapedReply } from "../ask.ts";
import { eventStream } from "../http-stream.ts";
import { logOf } from "../log-of.ts";
import { type Choice, chunk } from "./replies.ts";
import { openAiRequest } from "./request.ts";
import type { ServerFamily } from "./server-family.ts";
import { tokenNumbers } from "./token-numbers.ts";

export interface OpenAiServer {
  readonly ask: (path: string, about: Pick<Ask, "method" | "body" | "signal" | "caseId" | "tokens">) => Ask;
  readonly model: string;
  readonly family: ServerFamily;
  readonly facts: EngineFacts;
}

interface Seen {
  promptTokenIds: readonly number[] | null;
  finishReason: FinishReason | null;
  /** As the server counts them; null when it does not. */
  counted: number | null;
}

export function openAiSession({ ask: askFor, model, family, facts }: OpenAiServer): EngineSession {
  return {
    async complete(request, onToken) {
      const { caseId, signal } = request;
      const builder = completionBuilder(onToken);
      const { path, body } = openAiRequest(request, model, family);
      const ask = askFor(path, { method: "POST", body, signal, caseId, tokens: () => builder.length });
      return stream(ask, request, builder, model);
    },
    describe: async () => facts,
    close: async () => {},
  };
}

async function stream(
  ask: Ask,
  request: CompletionRequest,
  builder: CompletionBuilder,
  model: string,
): Promise<Completion> {
  const { prompt } = request;
  const seen: Seen = {
    promptTokenIds: prompt.kind === "tokens" ? prompt.tokenIds : null,
    finishReason: null,
    counted: null,
  };
  const finish = (finishReason: FinishReason) =>
    builder.finish({
      promptTokenIds: seen.promptTokenIds === null ? null : Uint32Array.from(seen.promptTokenIds),
      finishReason,
      text: null,
      outputDigest: null,
    });
  for await (const value of eventStream(ask)) {
    const event = shapedReply(ask, chunk, value);
    if (event.model !== undefined && event.model !== model)
      throw new GateError([wrongModel({ ...ask, asked: model, served: [event.model] })]);
    const [choice] = event.choices;
    seen.counted = event.usage?.completion_tokens ?? seen.counted;
    seen.promptTokenIds ??= event.prompt_token_ids ?? choice?.prompt_token_ids ?? null;
    if (choice === undefined) continue;
    if (push(ask, request, builder, choice) === "stop") return finish("abort");
    if (choice.finish_reason) seen.finishReason = finishOf(ask, choice.finish_reason);
  }
  if (seen.finishReason === null) throw await cutOff(ask, "the stream ended without a finish_reason");
  const tokens = builder.length;
  if (request.needsTokenIds && seen.counted !== null && seen.counted !== tokens)
    throw new GateError([tokenCountDiffers({ ...ask, tokens, said: seen.counted })]);
  return finish(seen.finishReason);
}

/** vLLM ends a stream with `abort` or `error` when it gave up on the request itself. */
function finishOf(ask: Ask, reason: string): FinishReason {
  if (reason === "abort" || reason === "error")
    throw new GateError([
      errorInStream({ ...ask, ...logOf(ask.running), tokens: ask.tokens(), error: `finish_reason ${reason}` }),
    ]);
  return reason === "length" ? "length" : "stop";
}

/** A chunk may hold several tokens; its text is then that of the last one. */
function push(ask: Ask, { needsTokenIds }: CompletionRequest, builder: CompletionBuilder, choice: Choice) {
  const text = choice.text ?? textOf(choice.delta);
  const numbers = tokenNumbers(choice);
  if (numbers === null) throw malformed(ask, "token_ids and logprobs are of different lengths", JSON.stringify(choice));
  if (needsTokenIds && (text !== "" || numbers.length > 0) && !numbers.some(({ id }) => id !== null))
    throw new GateError([noTokenIds(ask)]);
  if (numbers.length === 0) {
    return text === "" ? "continue" : builder.push({ id: null, logprob: null, margin: null, text });
  }
  for (const [index, one] of numbers.entries()) {
    const added = index === numbers.length - 1 ? text : "";
    if (builder.push({ ...one, text: added }) === "stop") return "stop";
  }
  return "continue";
}

/** What a model thinks aloud is output like the rest. */
function textOf(delta: Choice["delta"]): string {
  return `${delta?.reasoning_content ?? delta?.reasoning ?? ""}${delta?.content ?? ""}`;
}
