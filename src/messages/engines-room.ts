/** Prompts and answers that do not fit: into the context an engine was started with, or into the vocabulary of its model. */
import { message } from "./message.ts";

interface AtCase {
  readonly engine: string;
  readonly caseId: string | null;
}

const place = ({ caseId }: AtCase) => (caseId === null ? "before the first case" : `in case ${caseId}`);
const largerContext =
  "start the engine with a larger context: `max_model_len` of vLLM, `context_length` of SGLang, `max_total_tokens` of TGI, `ctx_size` of llama.cpp.";

export const contextTooLong = message<AtCase & { tokens: number; context: number }>(
  {
    code: "engines/context-too-long",
    verdict: "error",
    explanation:
      "The prompt fills the model's context, so that no room is left for an answer. The engine would refuse it or cut it, and a cut " +
      "prompt is another prompt.",
    example: { engine: "vllm-server", caseId: "uk-vs-usa", tokens: 5210, context: 4096 },
  },
  (at) => ({
    title: `The prompt is longer than the context of engine ${at.engine} ${place(at)}.`,
    found: `${at.tokens} prompt tokens`,
    expected: `fewer than ${at.context}, the context of the engine as it was started`,
    help: [`Shorten the prompt, or ${largerContext}`],
  }),
);

export const contextFull = message<AtCase & { tokens: number; context: number | null; limit: number }>(
  {
    code: "engines/context-full",
    verdict: "error",
    explanation:
      "The answer ended because the model's context was full, before the `max_tokens` that the suite asks for. The engine calls that `length`, as " +
      "if it had been asked for; a golden of such an answer would say less than the suite claims.",
    example: { engine: "vllm-server", caseId: "uk-vs-usa", tokens: 1012, context: 1024, limit: 2048 },
  },
  (at) => ({
    title: `The context of engine ${at.engine} was full ${place(at)} after ${at.tokens} tokens.`,
    found: `${at.tokens} tokens${at.context === null ? "" : ` in a context of ${at.context}`}`,
    expected: `${at.limit} tokens (max_tokens), or an end of the model's own`,
    help: [`Lower max_tokens or shorten the prompt, or ${largerContext}`],
  }),
);

export const tokenNotInModel = message<AtCase & { token: number; rows: number }>(
  {
    code: "engines/token-not-in-model",
    verdict: "error",
    explanation:
      "The tokenizer made a token id for which the model has no row in its embedding: a token that was added to the tokenizer and never to the " +
      "model, or another model's tokenizer. The engine would crash on it, or compute with what is not there, so it is not sent.",
    example: { engine: "vllm-server", caseId: "uk-vs-usa", token: 49_200, rows: 49_152 },
  },
  (at) => ({
    title: `The prompt has a token that the model does not know ${place(at)}.`,
    found: `token ${at.token}`,
    expected: `ids below ${at.rows}, the rows of the model's embedding`,
    help: [
      "Use the tokenizer of the model's own repository, at the same revision.",
      "Or take the token out of the prompt.",
    ],
  }),
);

export const enginesRoomMessages = [contextTooLong, contextFull, tokenNotInModel];
