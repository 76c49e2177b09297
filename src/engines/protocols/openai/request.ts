/** A request to an OpenAI-compatible server: which endpoint, and every sampling field in its spelling. */
import { fieldNotHonoured } from "../../../messages/engines-sampling.ts";
import type { Case } from "../../../model/case.ts";
import type { Json } from "../../../model/json.ts";
import type { Problem } from "../../../model/problem.ts";
import type { CompletionRequest } from "../../../model/request.ts";
import { everySamplingField } from "../../every-sampling-field.ts";
import type { ServerFamily } from "./server-family.ts";

export interface OpenAiRequest {
  readonly path: "/v1/completions" | "/v1/chat/completions";
  readonly body: { readonly [name: string]: Json };
}

export function openAiRequest(
  { prompt, sampling }: Pick<CompletionRequest, "prompt" | "sampling">,
  model: string,
  family: ServerFamily,
): OpenAiRequest {
  const isChat = prompt.kind === "messages";
  const { params, extra } = sampling;
  const fields = everySamplingField.flatMap((field): [string, Json][] => {
    const name = family.fields[field];
    return name === undefined || field === "logprobs" ? [] : [[name, params[field]]];
  });
  // Two alternatives, since the margin needs the runner-up.
  const alternatives = Math.max(2, params.logprobs);
  const logprobs: { readonly [name: string]: Json } = isChat
    ? { logprobs: true, top_logprobs: alternatives }
    : { logprobs: alternatives };
  const asked: { readonly [name: string]: Json } = isChat
    ? { messages: prompt.messages.map(({ role, content }) => ({ role, content })) }
    : { prompt: prompt.kind === "text" ? prompt.text : prompt.tokenIds };
  return {
    path: isChat ? "/v1/chat/completions" : "/v1/completions",
    body: {
      model,
      ...asked,
      n: 1,
      stream: true,
      stream_options: { include_usage: true },
      ...Object.fromEntries(fields),
      ...logprobs,
      ...family.besides,
      ...extra,
    },
  };
}

/** A problem for each field that a case gives and the server behind the URL is known to ignore. */
export function familyProblems(engine: string, cases: readonly Case[], family: ServerFamily): readonly Problem[] {
  return cases.flatMap(({ id, sampling, source }) =>
    sampling.given
      .filter((field) => family.fields[field] === undefined)
      .map((field) => fieldNotHonoured({ engine, caseId: id, source, field, server: family.name })),
  );
}
