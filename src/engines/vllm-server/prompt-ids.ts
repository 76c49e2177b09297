/** A case's prompt as token ids, rendered and tokenised by the server itself. */
import { contextTooLong, tokenNotInModel } from "../../messages/engines-room.ts";
import type { Prompt } from "../../model/case.ts";
import type { Json } from "../../model/json.ts";
import { GateError } from "../../model/problem.ts";
import type { CompletionRequest } from "../../model/request.ts";
import { type Ask, jsonAnswerIfThere } from "../protocols/ask.ts";
import { rendered, tokenized } from "./replies.ts";

export interface PromptServer {
  readonly post: (path: string, body: Json, request: CompletionRequest) => Ask;
  readonly model: string;
  /** In tokens; null when the server does not tell. */
  readonly context: number | null;
  /** Rows of the model's embedding; null when nobody measured them. */
  readonly rows: number | null;
}

/**
 * Token ids; the prompt as it was where the server has no way to tell them. Throws GateError for one that leaves no room for an answer,
 * and for one with a token that the model has no row for, which vLLM lets through and its engine does not survive.
 */
export async function promptIds(server: PromptServer, request: CompletionRequest): Promise<Prompt> {
  const { prompt, caseId } = request;
  const tokenIds = prompt.kind === "tokens" ? prompt.tokenIds : await asked(server, request);
  if (tokenIds === null) return prompt;
  const { context, rows } = server;
  if (context !== null && tokenIds.length >= context)
    throw new GateError([contextTooLong({ engine: "vllm-server", caseId, tokens: tokenIds.length, context })]);
  const unknown = rows === null ? undefined : tokenIds.find((id) => id >= rows);
  if (unknown !== undefined && rows !== null)
    throw new GateError([tokenNotInModel({ engine: "vllm-server", caseId, token: unknown, rows })]);
  return { kind: "tokens", tokenIds };
}

/** Ids as `/v1/completions` and `/v1/chat/completions` would make them; null when the server knows none of the paths. */
async function asked({ post, model }: PromptServer, request: CompletionRequest): Promise<readonly number[] | null> {
  const { prompt } = request;
  if (prompt.kind === "tokens") return prompt.tokenIds;
  if (prompt.kind === "text") {
    const body = { model, prompt: prompt.text, add_special_tokens: true };
    return (await jsonAnswerIfThere(post("/tokenize", body, request), tokenized))?.tokens ?? null;
  }
  const messages = prompt.messages.map(({ role, content }) => ({ role, content }));
  // As for a chat: the template brings the special tokens.
  const body = { model, messages, add_generation_prompt: true, add_special_tokens: false };
  const ids = (await jsonAnswerIfThere(post("/tokenize", body, request), tokenized))?.tokens;
  if (ids !== undefined) return ids;
  return (
    (await jsonAnswerIfThere(post("/v1/chat/completions/render", { model, messages }, request), rendered))?.token_ids ??
    null
  );
}
