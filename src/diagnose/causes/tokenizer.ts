/** Cause `tokenizer`: the prompt reached the engine as other token ids. */
import type { Comparison } from "../../model/comparison.ts";
import type { CauseProbe } from "../diagnosis-input.ts";
import { idsOf, perCase } from "../measured-words.ts";

export const tokenizer: CauseProbe = (_input, open) => {
  const cases = open.filter((one) => one.promptEqual === false);
  if (cases.length === 0) return null;
  return {
    sentence:
      "The engine saw other prompt tokens than when the goldens were recorded: the tokenizer, the chat template or the way the prompt is put together changed.",
    evidence: perCase(cases, firstDifferentPromptToken),
    cases: idsOf(cases),
  };
};

function firstDifferentPromptToken({ divergence }: Comparison): string {
  if (divergence?.kind !== "prompt" || divergence.tokenIndex === null) return "the prompt token ids differ";
  const { tokenIndex, expected, actual } = divergence;
  return `the prompt token ids differ from position ${tokenIndex} on: recorded ${idOrEnd(expected.tokenId)}, now ${idOrEnd(actual.tokenId)}`;
}

const idOrEnd = (id: number | null) => (id === null ? "the end of the prompt" : `id ${id}`);
