/** The place of a divergence: common text before, expected over actual from there on, and the numbers of both. */
import { cutEnd, cutStart } from "../escape/columns.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { CaseReport } from "../report.ts";
import { isHidden } from "./divergence-words.ts";
import { paint, type RenderOptions } from "./paint.ts";

type Divergence = NonNullable<CaseReport["divergence"]>;
type Side = Divergence["expected"];

const gutter = "    ";

/** Nothing for a redacted golden, which tells nothing but that it differs. */
export function divergenceSides(divergence: Divergence, options: RenderOptions): readonly string[] {
  if (isHidden(divergence)) return [];
  return [...texts(divergence, options), ...sideNumbers(divergence)];
}

function texts(divergence: Divergence, options: RenderOptions): readonly string[] {
  const { before, expected, actual } = divergence;
  if (!hasTexts(divergence)) return [];
  const columns = options.width - gutter.length - "- expected │ ".length;
  const shown = (side: Side) => {
    const text = sideText(divergence, side);
    return text === "" ? nothingLeft : cutEnd(terminalText(text), columns);
  };
  return [
    ...(divergence.kind === "output"
      ? []
      : [
          `${gutter}  before   │ ${before === "" ? "(the start of the output)" : cutStart(terminalText(before), columns)}`,
        ]),
    `${gutter}${paint("expected", `- expected │ ${shown(expected)}`, options)}`,
    `${gutter}${paint("actual", `+ actual   │ ${shown(actual)}`, options)}`,
  ];
}

/** Where a side has no more text. */
export const nothingLeft = "(nothing: the output ends here)";

/** The text of a side, its leading spaces visible when the sides differ in them. Still to be escaped. */
export function sideText({ expected, actual }: Divergence, side: Side): string {
  return leadingSpaces(expected.text) === leadingSpaces(actual.text) ? side.text : withVisibleSpaces(side.text);
}

/** What the text of a side is. */
export function nameOfText({ kind }: Divergence): string {
  return kind === "finish-reason" ? "ended by" : kind === "output" ? "digest" : "text";
}

/** Whether there are texts to be shown, beside numbers. */
export function hasTexts({ kind, textOffset, expected, actual }: Divergence): boolean {
  return kind !== "prompt" && (textOffset !== null || expected.text !== "" || actual.text !== "");
}

/** A small table: token id, log-probability and margin of both sides, as far as they are known. */
export function sideNumbers({ expected, actual }: Divergence): readonly string[] {
  const columns = [
    { head: "token", cells: [expected, actual].map(({ tokenId }) => (tokenId === null ? null : String(tokenId))) },
    { head: "logprob", cells: [expected, actual].map(({ logprob }) => nats(logprob)) },
    { head: "margin", cells: [expected, actual].map(({ margin }) => nats(margin)) },
  ].filter(({ cells }) => cells.some((cell) => cell !== null));
  if (columns.length === 0) return [];
  const row = (cells: readonly string[]) => cells.map((cell) => cell.padStart(10)).join("");
  const side = (index: number) => row(columns.map(({ cells }) => cells[index] ?? "–"));
  return [
    `${gutter}           ${row(columns.map(({ head }) => head))}`,
    `${gutter}  expected ${side(0)}`,
    `${gutter}  actual   ${side(1)}`,
  ];
}

/** Four decimals tell float32 log-probabilities apart; smaller values keep their digits. */
export function nats(value: number | null): string | null {
  if (value === null) return null;
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : value.toFixed(4);
}

const leadingSpaces = (text: string) => text.length - text.trimStart().length;

/** Leading spaces as `␠`, for when the sides differ in them. */
function withVisibleSpaces(text: string): string {
  return text.replace(/^ +/, (spaces) => "␠".repeat(spaces.length));
}
