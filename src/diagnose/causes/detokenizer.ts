/** Cause `detokenizer`: the same token ids became another text. */
import type { Comparison } from "../../model/comparison.ts";
import type { CauseProbe } from "../diagnosis-input.ts";
import { idsOf, perCase } from "../measured-words.ts";

export const detokenizer: CauseProbe = (_input, open) => {
  const cases = open.filter(hasSameIdsOtherText);
  if (cases.length === 0) return null;
  return {
    sentence:
      "The token ids are the same but became another text: the detokenizer or the handling of special tokens changed.",
    evidence: perCase(cases, inWords),
    cases: idsOf(cases),
  };
};

function hasSameIdsOtherText({ divergence, unit, commonPrefix, expectedLength, actualLength }: Comparison): boolean {
  return (
    divergence?.kind === "text" &&
    unit === "tokens" &&
    commonPrefix > 0 &&
    commonPrefix === expectedLength &&
    commonPrefix === actualLength
  );
}

function inWords({ divergence, commonPrefix }: Comparison): string {
  const place = divergence?.textOffset == null ? "" : ` from character ${divergence.textOffset} on`;
  return `all ${commonPrefix} token ids equal, the text differs${place}`;
}
