/** A tokenizer by name is fixed by its commit, as the model is. */
import { tokenizerRevisionMissing } from "../../messages/engines-driver-suite.ts";
import type { Problem } from "../../model/problem.ts";
import type { EngineSpec } from "../../model/suite.ts";
import { isPathText, tokenizerOption } from "../../model/tokenizer-option.ts";

/** A problem for a tokenizer of a name without a revision, and for a revision that moves. */
export function tokenizerProblems({ args, name: engine, source }: EngineSpec): readonly Problem[] {
  const { tokenizer, revision } = tokenizerOption(args);
  if (tokenizer !== null && isPathText(tokenizer)) return [];
  const isFixed = revision !== null && /^[0-9a-f]{40}$/.test(revision);
  if (isFixed || (tokenizer === null && revision === null)) return [];
  return [tokenizerRevisionMissing({ source, engine, tokenizer, revision })];
}
