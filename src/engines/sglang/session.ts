/** A conversation with SGLang's server: prompts as token ids, answers as a stream of tokens with their log-probabilities. */
import { errorInStream, noTokenIds, tokenCountDiffers } from "../../messages/engines-reply.ts";
import { contextTooLong } from "../../messages/engines-room.ts";
import { promptCacheUsed } from "../../messages/engines-sampling.ts";
import type { Completion, FinishReason } from "../../model/completion.ts";
import type { Json } from "../../model/json.ts";
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { CompletionRequest, EngineFacts } from "../../model/request.ts";
import type { Http } from "../../platform/http.ts";
import { type CompletionBuilder, completionBuilder } from "../completion-builder.ts";
import type { EngineSession } from "../engine.ts";
import { type Ask, cutOff, jsonAnswer, shapedReply } from "../protocols/ask.ts";
import { eventStream } from "../protocols/http-stream.ts";
import { logOf } from "../protocols/log-of.ts";
import { addedTokens } from "./added-tokens.ts";
import { generateEvent, tokenized } from "./replies.ts";
import { samplingParams } from "./sampling.ts";

export interface SglangServer {
  readonly http: Http;
  readonly running: RunningEngine;
  readonly baseUrl: string;
  /** In tokens; null when the server does not tell. */
  readonly context: number | null;
  readonly facts: EngineFacts;
}

export function sglangSession(server: SglangServer): EngineSession {
  return {
    async complete(request, onToken) {
      const { caseId, sampling } = request;
      const inputIds = await promptIds(server, request);
      const { context } = server;
      if (context !== null && inputIds.length >= context)
        throw new GateError([contextTooLong({ engine: "sglang", caseId, tokens: inputIds.length, context })]);
      const builder = completionBuilder(onToken);
      const body: Json = {
        input_ids: [...inputIds],
        sampling_params: samplingParams(sampling),
        return_logprob: true,
        // Two alternatives, since the margin needs the runner-up.
        top_logprobs_num: Math.max(2, sampling.params.logprobs),
        // Of the answer only.
        logprob_start_len: -1,
        stream: true,
      };
      const ask = { ...postOf(server, request, "/generate", body), tokens: () => builder.length };
      return stream(ask, request, builder, Uint32Array.from(inputIds));
    },
    describe: async () => server.facts,
    close: async () => {},
  };
}

async function stream(
  ask: Ask,
  { caseId, needsTokenIds }: CompletionRequest,
  builder: CompletionBuilder,
  promptTokenIds: Uint32Array,
): Promise<Completion> {
  let text = "";
  const finish = (finishReason: FinishReason, whole: string | null) =>
    builder.finish({ promptTokenIds, finishReason, text: whole, outputDigest: null });
  for await (const value of eventStream(ask)) {
    const event = shapedReply(ask, generateEvent, value);
    const { meta_info: meta } = event;
    if (meta.finish_reason?.type === "abort")
      throw new GateError([
        errorInStream({
          ...ask,
          ...logOf(ask.running),
          tokens: builder.length,
          error: JSON.stringify(meta.finish_reason),
        }),
      ]);
    if (meta.cached_tokens != null && meta.cached_tokens > 0)
      throw new GateError([promptCacheUsed({ engine: "sglang", caseId, cached: meta.cached_tokens })]);
    const added = addedTokens(event, { tokens: builder.length, text });
    if (needsTokenIds && added.tokens.some(({ id }) => id === null)) throw new GateError([noTokenIds(ask)]);
    text = added.whole;
    for (const token of added.tokens) if (builder.push(token) === "stop") return finish("abort", null);
    if (meta.finish_reason == null) continue;
    const said = meta.completion_tokens;
    if (needsTokenIds && said !== builder.length)
      throw new GateError([tokenCountDiffers({ ...ask, tokens: builder.length, said })]);
    return finish(meta.finish_reason.type === "length" ? "length" : "stop", text);
  }
  throw await cutOff(ask, "the stream ended without a finish_reason");
}

/** Text and messages are made ids by the server itself: with special tokens, and through its chat template. */
async function promptIds(server: SglangServer, request: CompletionRequest): Promise<readonly number[]> {
  const { prompt } = request;
  if (prompt.kind === "tokens") return prompt.tokenIds;
  const body: Json =
    prompt.kind === "text"
      ? { prompt: prompt.text, add_special_tokens: true }
      : { messages: prompt.messages.map(({ role, content }) => ({ role, content })) };
  return (await jsonAnswer(postOf(server, request, "/tokenize", body), tokenized)).tokens;
}

function postOf(
  { http, running, baseUrl }: SglangServer,
  { caseId, signal }: CompletionRequest,
  path: string,
  body: Json,
): Ask {
  const url = `${baseUrl}${path}`;
  return { http, running, engine: "sglang", caseId, method: "POST", url, headers: {}, body, signal, tokens: () => 0 };
}
