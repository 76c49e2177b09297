/** Where a completion leaves its golden, in words. */
import type { CaseReport } from "../report.ts";
import { counted, plural } from "./rows.ts";

type Divergence = NonNullable<CaseReport["divergence"]>;

/** What follows `differs`, such as `at token 57 of 256 (22 % in), line 4 of the text`. Token positions start at 0. */
export function divergenceInWords(item: CaseReport, divergence: Divergence): string {
  const at = position(item, divergence);
  switch (divergence.kind) {
    case "prompt":
      return `in the prompt that the engine was given${promptPlace(divergence)}${divergence.tokenIndex === null ? "" : outputToo(item)}`;
    case "token":
      return at === null ? `in its tokens; ${hidden}` : `at ${at}`;
    case "length":
      return `in length: ${lengthInWords(item, divergence)}`;
    case "text":
      return at === null ? `in its text; ${hidden}` : `in its text, at ${at}`;
    case "finish-reason":
      return "only in the reason why it ended";
    case "output":
      return "in the digest of its output";
    case "logprob":
      return at === null ? "in its log-probabilities only" : `in log-probabilities only, first at ${at}`;
  }
}

/** True when nothing but the kind of a divergence is told. */
export function isHidden({ tokenIndex, expected, actual }: Divergence): boolean {
  return (
    tokenIndex === null &&
    [expected, actual].every(({ tokenId, logprob, text }) => tokenId === null && logprob === null && text === "")
  );
}

const hidden = "a redacted golden does not tell where";

function promptPlace({ tokenIndex }: Divergence): string {
  return tokenIndex === null ? "" : `, at prompt token ${counted(tokenIndex)}`;
}

/** Where the output splits after another prompt; nothing where it was stopped before its tokens did. A redacted golden does not tell. */
function outputToo({ commonPrefix: common, expectedLength, actualLength, unit, tokensSaved }: CaseReport): string {
  if (common === null || expectedLength === null || actualLength === null || expectedLength === 0) return "";
  const noun = unit === "tokens" ? "token" : "character";
  if (common === expectedLength && common === actualLength) return "; the output is the same";
  if (common < expectedLength && common < actualLength) {
    return `; the output splits at ${share(noun, common, expectedLength)}`;
  }
  if (tokensSaved > 0 && actualLength < expectedLength) return "";
  return `; the output is the same up to the end of the shorter one, after ${plural(common, noun)}`;
}

function position(item: CaseReport, { tokenIndex, textLine, textOffset }: Divergence): string | null {
  const total = item.expectedLength;
  const where =
    tokenIndex !== null
      ? share("token", tokenIndex, item.unit === "tokens" ? total : null)
      : textOffset === null
        ? null
        : share("character", textOffset, item.unit === "characters" ? total : null);
  if (where === null) return null;
  return textLine === null ? where : `${where}, line ${counted(textLine)} of the text`;
}

function share(unit: "token" | "character", index: number, total: number | null): string {
  if (total === null || total === 0) return `${unit} ${counted(index)}`;
  return `${unit} ${counted(index)} of ${counted(total)} (${Math.min(100, Math.floor((100 * index) / total))} % in)`;
}

function lengthInWords(item: CaseReport, { tokenIndex }: Divergence): string {
  const { expectedLength, actualLength, unit } = item;
  const noun = unit.slice(0, -1);
  if (expectedLength === null || actualLength === null || expectedLength === actualLength) {
    return tokenIndex === null ? "it is another one" : `the output ends at token ${counted(tokenIndex)}`;
  }
  return actualLength < expectedLength
    ? `ends too early, after ${counted(actualLength)} of ${plural(expectedLength, noun)}`
    : `goes on after ${plural(expectedLength, noun)}`;
}
