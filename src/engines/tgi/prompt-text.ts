/** The text that makes TGI see exactly the wanted token ids: it takes no ids, and adds special tokens to whatever text it gets. */
import { tokenPromptRefused } from "../../messages/engines-plan.ts";
import { chatPromptInexact } from "../../messages/engines-sampling.ts";
import type { Json } from "../../model/json.ts";
import { GateError } from "../../model/problem.ts";
import type { CompletionRequest } from "../../model/request.ts";
import { type Ask, jsonAnswer } from "../protocols/ask.ts";
import { chatTokenized, tokenized } from "./replies.ts";

export interface PromptText {
  readonly inputs: string;
  /** As the server will see them. */
  readonly ids: readonly number[];
}

/** Throws GateError for a prompt of token ids, and for messages that no text stands for exactly. */
export async function promptText(
  post: (path: string, body: Json) => Ask,
  { prompt, caseId }: Pick<CompletionRequest, "prompt" | "caseId">,
): Promise<PromptText> {
  if (prompt.kind === "tokens") throw new GateError([tokenPromptRefused({ engine: "tgi", caseId, source: null })]);
  const idsOf = async (inputs: string) =>
    (await jsonAnswer(post("/tokenize", { inputs }), tokenized)).map(({ id }) => id);
  if (prompt.kind === "text") return { inputs: prompt.text, ids: await idsOf(prompt.text) };
  const messages = prompt.messages.map(({ role, content }) => ({ role, content }));
  const chat = await jsonAnswer(post("/chat_tokenize", { messages }), chatTokenized);
  const wanted = chat.tokenize_response.map(({ id }) => id);
  const whole = chat.templated_text;
  // A template writes the first special token that the server would add once more.
  const rest = Buffer.from(whole, "utf8")
    .subarray(chat.tokenize_response[0]?.stop ?? 0)
    .toString("utf8");
  for (const inputs of [whole, rest]) {
    if ((await idsOf(inputs)).join() === wanted.join()) return { inputs, ids: wanted };
  }
  throw new GateError([chatPromptInexact({ engine: "tgi", caseId, wanted: wanted.length })]);
}
