/** A conversation with TGI: prompts as text whose token ids are known, answers as a stream of tokens with their log-probabilities. */
import { tokenCountDiffers } from "../../messages/engines-reply.ts";
import { contextTooLong } from "../../messages/engines-room.ts";
import type { Completion, FinishReason } from "../../model/completion.ts";
import type { Json } from "../../model/json.ts";
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { CompletionRequest, EngineFacts } from "../../model/request.ts";
import type { Http } from "../../platform/http.ts";
import { type CompletionBuilder, completionBuilder } from "../completion-builder.ts";
import type { EngineSession } from "../engine.ts";
import { type Ask, cutOff, malformed, shapedReply } from "../protocols/ask.ts";
import { eventStream } from "../protocols/http-stream.ts";
import { promptText } from "./prompt-text.ts";
import { type StreamEvent, streamEvent } from "./replies.ts";
import { parametersOf } from "./sampling.ts";

export interface TgiServer {
  readonly http: Http;
  readonly running: RunningEngine;
  readonly baseUrl: string;
  /** In tokens; null when the server does not tell. */
  readonly longestPrompt: number | null;
  readonly facts: EngineFacts;
}

export function tgiSession(server: TgiServer): EngineSession {
  return {
    async complete(request, onToken) {
      const { caseId } = request;
      const { inputs, ids } = await promptText((path, body) => postOf(server, request, path, body), request);
      const { longestPrompt } = server;
      if (longestPrompt !== null && ids.length > longestPrompt)
        throw new GateError([
          contextTooLong({ engine: "tgi", caseId, tokens: ids.length, context: longestPrompt + 1 }),
        ]);
      const builder = completionBuilder(onToken);
      const body: Json = { inputs, parameters: parametersOf(request.sampling) };
      const ask = { ...postOf(server, request, "/generate_stream", body), tokens: () => builder.length };
      return stream(ask, builder, Uint32Array.from(ids));
    },
    describe: async () => server.facts,
    close: async () => {},
  };
}

async function stream(ask: Ask, builder: CompletionBuilder, promptTokenIds: Uint32Array): Promise<Completion> {
  const finish = (finishReason: FinishReason, text: string | null) =>
    builder.finish({ promptTokenIds, finishReason, text, outputDigest: null });
  for await (const value of eventStream(ask)) {
    const event = shapedReply(ask, streamEvent, value);
    if (event.index !== builder.length + 1)
      throw malformed(ask, `token ${builder.length + 1} was due, not ${event.index}`, JSON.stringify(value));
    if (builder.push(tokenOf(event)) === "stop") return finish("abort", null);
    if (event.details == null) continue;
    const { finish_reason: reason, generated_tokens: said } = event.details;
    if (said !== builder.length) throw new GateError([tokenCountDiffers({ ...ask, tokens: builder.length, said })]);
    return finish(reason === "length" ? "length" : "stop", event.generated_text ?? null);
  }
  throw await cutOff(ask, "the stream ended without details");
}

/** Special tokens are shown in the stream and left out of the whole text; they are left out here too. */
function tokenOf({ token, top_tokens: top }: StreamEvent) {
  const { id, logprob, special, text } = token;
  const others = (top ?? []).flatMap((other) => (other.id === id || other.logprob === null ? [] : [other.logprob]));
  const margin = logprob === null || others.length === 0 ? null : logprob - Math.max(...others);
  return { id, logprob, margin, text: special ? "" : text };
}

function postOf(
  { http, running, baseUrl }: TgiServer,
  { caseId, signal }: CompletionRequest,
  path: string,
  body: Json,
): Ask {
  const url = `${baseUrl}${path}`;
  return { http, running, engine: "tgi", caseId, method: "POST", url, headers: {}, body, signal, tokens: () => 0 };
}
