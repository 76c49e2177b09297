/** A conversation with llama.cpp's server: prompts as token ids, answers as a stream of tokens with their log-probabilities. */
import { tokenCountDiffers } from "../../messages/engines-reply.ts";
import { promptCacheUsed } from "../../messages/engines-sampling.ts";
import type { Prompt } from "../../model/case.ts";
import type { Completion, FinishReason, OnToken, StreamedToken } from "../../model/completion.ts";
import type { Json } from "../../model/json.ts";
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { CompletionRequest, EngineFacts } from "../../model/request.ts";
import type { Suite } from "../../model/suite.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Http } from "../../platform/http.ts";
import { type CompletionBuilder, completionBuilder } from "../completion-builder.ts";
import type { EngineSession } from "../engine.ts";
import { type Ask, cutOff, jsonAnswer, shapedReply } from "../protocols/ask.ts";
import { eventStream } from "../protocols/http-stream.ts";
import { serverFacts } from "./facts.ts";
import {
  type CompletionLast,
  type CompletionPart,
  completionEvent,
  type Props,
  slots,
  templated,
  tokenized,
} from "./replies.ts";
import { notTaken, samplingFields, seedProblems } from "./sampling.ts";

const pauseMs = 5;

export interface LlamaCppServer {
  readonly http: Http;
  readonly running: RunningEngine;
  readonly baseUrl: string;
  readonly suite: Suite;
  readonly props: Props;
  /** Whether GET /slots is there to say when the server is idle. */
  readonly hasSlots: boolean;
  /** With speculative decoding the server's counter runs ahead of the tokens it sends. */
  readonly isSpeculative: boolean;
}

/** One request at a time; an answer that was left early is waited out before the next request is sent. */
export class LlamaCppSession implements EngineSession {
  readonly #server: LlamaCppServer;
  #mayBeBusy = false;

  constructor(server: LlamaCppServer) {
    this.#server = server;
  }

  async complete(request: CompletionRequest, onToken: OnToken): Promise<Completion> {
    const { caseId, sampling } = request;
    const problems = seedProblems(caseId, sampling);
    if (problems.length > 0) throw new GateError(problems);
    if (this.#mayBeBusy) await this.#untilIdle(request);
    const prompt = await this.#promptIds(request);
    const fields = samplingFields(sampling);
    const builder = completionBuilder(onToken);
    const body = { ...fields, prompt, stream: true, return_tokens: true, cache_prompt: false };
    const ask = { ...this.#ask(request, "POST", "/completion", body), tokens: () => builder.length };
    this.#mayBeBusy = true;
    const last = await this.#stream(ask, builder);
    const promptTokenIds = Uint32Array.from(prompt);
    if (last === "stopped") return builder.finish({ ...ending("abort"), promptTokenIds });
    this.#mayBeBusy = false;
    const given = Object.keys(sampling.extra);
    const refused = [
      ...notTaken(caseId, fields, last.generation_settings, given),
      ...cacheProblems(caseId, last),
      ...countProblems(ask, last, prompt.length),
    ];
    if (refused.length > 0) throw new GateError(refused);
    return builder.finish({ ...ending(last.stop_type === "limit" ? "length" : "stop"), promptTokenIds });
  }

  async describe(): Promise<EngineFacts> {
    return serverFacts(this.#server.suite, this.#server.props);
  }

  async close(): Promise<void> {}

  async #stream(ask: Ask, builder: CompletionBuilder): Promise<CompletionLast | "stopped"> {
    for await (const value of eventStream(ask)) {
      const event = shapedReply(ask, completionEvent, value);
      const heldBack = this.#server.isSpeculative ? 0 : event.tokens_predicted - builder.length - (event.stop ? 0 : 1);
      // Parts of one character are counted, and neither their ids nor their log-probabilities are sent.
      for (let count = 0; count < heldBack; count += 1) {
        if (builder.push({ id: null, logprob: null, margin: null, text: "" }) === "stop") return "stopped";
      }
      if (event.stop) return event;
      if (builder.push(tokenOf(event)) === "stop") return "stopped";
    }
    throw await cutOff(ask, "the stream ended without a last event");
  }

  async #promptIds({ prompt, ...request }: CompletionRequest): Promise<readonly number[]> {
    if (prompt.kind === "tokens") return prompt.tokenIds;
    const content = prompt.kind === "text" ? prompt.text : await this.#rendered(prompt, request);
    // As the server itself does with a prompt that is text: specials added, and recognised in the text.
    const body = { content, add_special: true, parse_special: true };
    return (await jsonAnswer(this.#ask(request, "POST", "/tokenize", body), tokenized)).tokens;
  }

  async #rendered(
    { messages }: Extract<Prompt, { kind: "messages" }>,
    request: Pick<CompletionRequest, "caseId" | "signal">,
  ): Promise<string> {
    const body = { messages: messages.map(({ role, content }) => ({ role, content })) };
    return (await jsonAnswer(this.#ask(request, "POST", "/apply-template", body), templated)).prompt;
  }

  async #untilIdle(request: CompletionRequest): Promise<void> {
    // Without /slots the next request queues behind the one that is being cancelled, which is as good.
    while (this.#server.hasSlots) {
      const state = await jsonAnswer(this.#ask(request, "GET", "/slots", null), slots);
      if (!state.some((slot) => slot.is_processing)) break;
      await systemClock.sleep(pauseMs, request.signal);
    }
    this.#mayBeBusy = false;
  }

  #ask(
    { caseId, signal }: Pick<CompletionRequest, "caseId" | "signal">,
    method: Ask["method"],
    path: string,
    body: Json,
  ): Ask {
    const { http, running, baseUrl } = this.#server;
    const url = `${baseUrl}${path}`;
    return { http, running, engine: "llama-cpp", caseId, method, url, headers: {}, body, signal, tokens: () => 0 };
  }
}

const ending = (finishReason: FinishReason) => ({ finishReason, text: null, outputDigest: null });

function tokenOf(event: CompletionPart): Omit<StreamedToken, "index"> {
  const chosen = event.completion_probabilities?.[0];
  const id = event.tokens[0] ?? chosen?.id ?? null;
  if (chosen === undefined) return { id, logprob: null, margin: null, text: event.content };
  const others = chosen.top_logprobs.filter((other) => other.id !== chosen.id).map((other) => other.logprob);
  const margin = others.length === 0 ? null : chosen.logprob - Math.max(...others);
  return { id, logprob: chosen.logprob, margin, text: event.content };
}

function cacheProblems(caseId: string, { timings }: CompletionLast) {
  const cached = timings?.cache_n ?? 0;
  return cached > 0 ? [promptCacheUsed({ engine: "llama-cpp", caseId, cached })] : [];
}

function countProblems(ask: Ask, last: CompletionLast, promptLength: number) {
  const tokens = ask.tokens();
  const said = last.tokens_predicted;
  if (tokens !== said) return [tokenCountDiffers({ ...ask, tokens, said })];
  if (last.tokens_evaluated === promptLength) return [];
  return [tokenCountDiffers({ ...ask, tokens: promptLength, said: last.tokens_evaluated })];
}
