/** A request as one line of the JSON Lines protocol. */
import type { Prompt } from "../../model/case.ts";
import type { CompletionRequest } from "../../model/request.ts";
import type { CompleteLine } from "./json-lines-messages.ts";

/** Every sampling field is in it, whether the suite gives it or not. */
export function completeLine(id: string, request: CompletionRequest): CompleteLine {
  const { params, extra } = request.sampling;
  return {
    type: "complete",
    id,
    case: request.caseId,
    prompt: promptOf(request.prompt),
    sampling: { ...params, stop: [...params.stop], stop_token_ids: [...params.stop_token_ids] },
    extra: JSON.parse(JSON.stringify(extra)),
    needs_token_ids: request.needsTokenIds,
  };
}

function promptOf(prompt: Prompt): CompleteLine["prompt"] {
  switch (prompt.kind) {
    case "text":
      return { kind: "text", text: prompt.text };
    case "tokens":
      return { kind: "tokens", token_ids: [...prompt.tokenIds] };
    case "messages":
      return { kind: "messages", messages: prompt.messages.map(({ role, content }) => ({ role, content })) };
  }
}
