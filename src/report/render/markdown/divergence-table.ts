/** The place where a completion leaves its golden, expected beside actual. */
import { cutEnd, cutStart } from "../../escape/columns.ts";
import { markdownCode, markdownText } from "../../escape/markdown.ts";
import { terminalText } from "../../escape/terminal-text.ts";
import type { CaseReport } from "../../report.ts";
import { hasTexts, nameOfText, nats, nothingLeft, sideText } from "../divergence-sides.ts";
import { divergenceInWords, isHidden } from "../divergence-words.ts";
import { place } from "../rows.ts";
import { table } from "./table.ts";

type Divergence = NonNullable<CaseReport["divergence"]>;
type Side = Divergence["expected"];

/** Characters of a side, and of what stands before it. */
const longestSide = 160;

/** Where it is, what both have in common before it, and both sides; for a case with a divergence. */
export function divergenceTable(item: CaseReport, divergence: Divergence): readonly string[] {
  const golden = place(item.golden);
  return [
    `${markdownCode(item.id)} differs ${markdownText(divergenceInWords(item, divergence))}.` +
      (golden === null ? "" : ` Golden: ${markdownCode(golden)}`),
    ...(hasTexts(divergence) && divergence.kind !== "output" ? ["", common(divergence)] : []),
    ...(isHidden(divergence) ? [] : ["", ...sides(divergence)]),
  ];
}

/** What both have in common before they part. */
function common({ kind, before }: Divergence): string {
  if (before === "") return "It is the start of the output.";
  const text = markdownCode(cutStart(terminalText(before), longestSide));
  return kind === "finish-reason" ? `Both say the same, to their end: ${text}` : `Both begin: ${text}`;
}

function sides(divergence: Divergence): readonly string[] {
  const { expected, actual } = divergence;
  const cells = (of: (side: Side) => string | null) => [of(expected), of(actual)].map((cell) => cell ?? "–");
  const number = (name: string, of: (side: Side) => string | null) =>
    of(expected) === null && of(actual) === null ? [] : [[name, ...cells(of)]];
  return table(
    ["", "expected (golden)", "actual (this run)"],
    [
      ...(hasTexts(divergence)
        ? [[nameOfText(divergence), ...cells((side) => shown(sideText(divergence, side)))]]
        : []),
      ...number("token", ({ tokenId }) => (tokenId === null ? null : String(tokenId))),
      ...number("logprob", ({ logprob }) => nats(logprob)),
      ...number("margin", ({ margin }) => nats(margin)),
    ],
  );
}

const shown = (text: string) =>
  text === "" ? `*${nothingLeft}*` : `**${markdownCode(cutEnd(terminalText(text), longestSide))}**`;
