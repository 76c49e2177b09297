/** One split from near: the common text before it, both continuations as far as the report holds them, the numbers, and the cause. */
import { cutEnd, wrap } from "../escape/columns.ts";
import { terminalText, withoutCommands } from "../escape/terminal-text.ts";
import type { CaseReport, Report } from "../report.ts";
import { sideNumbers } from "./divergence-sides.ts";
import { divergenceInWords } from "./divergence-words.ts";
import { paint, type RenderOptions, type Tone } from "./paint.ts";
import { labelled, paragraph } from "./rows.ts";

type Divergence = NonNullable<CaseReport["divergence"]>;
interface Split {
  readonly item: CaseReport;
  readonly divergence: Divergence;
}

/** Most rows of each text. */
const mostRows = 8;

/** Lines that end in `\n`, of the case that goes along with its golden for longest; null when no output split inside its text. */
export function renderCloseUp(report: Report, options: RenderOptions): string | null {
  const split = longestTogether(report.cases);
  if (split === null) return null;
  const { item, divergence } = split;
  const diagnosis = report.diagnoses.find(({ cases }) => cases.includes(item.id));
  const lines = [
    `${paint("heading", cutEnd(terminalText(item.id), options.width - 40), options)}  splits ${divergenceInWords(item, divergence)}`,
    "",
    "  Up to there both say the same:",
    ...textRows("  ", commonText(divergence), null, options),
    "  Then the golden says:",
    ...textRows("- ", divergence.expected.text, "expected", options),
    "  and this engine says:",
    ...textRows("+ ", divergence.actual.text, "actual", options),
    "",
    ...sideNumbers(divergence).map((line) => line.slice(2)),
    ...labelled(2, [["margin", marginInWords(divergence)]], options.width),
    ...(diagnosis === undefined ? [] : paragraph("  cause   ", diagnosis.sentence, options.width)),
    ...(diagnosis?.evidence ?? []).flatMap((line) => paragraph("          - ", line, options.width)),
  ];
  return `${lines.map((line) => withoutCommands(line).trimEnd()).join("\n")}\n`;
}

function longestTogether(cases: readonly CaseReport[]): Split | null {
  const splits = cases.flatMap((item) => {
    const { divergence } = item;
    return divergence !== null &&
      (divergence.kind === "token" || divergence.kind === "text") &&
      divergence.before !== ""
      ? [{ item, divergence }]
      : [];
  });
  const place = ({ divergence }: Split) => divergence.textOffset ?? 0;
  return splits.reduce<Split | null>((best, one) => (best === null || place(one) > place(best) ? one : best), null);
}

const commonText = ({ before, textOffset }: Divergence) => ((textOffset ?? 0) > before.length ? `…${before}` : before);

function textRows(sign: string, text: string, tone: Tone | null, options: RenderOptions): readonly string[] {
  const columns = options.width - 6;
  const rows = text.split("\n").flatMap((line) => wrap(terminalText(line), columns));
  const shown = rows.slice(0, mostRows).map((row) => `  ${sign}│ ${row}`);
  return tone === null ? shown : shown.map((row) => paint(tone, row, options));
}

/** What the margins say about how near the decision was; a sampled token may well lie behind the likeliest. */
function marginInWords({ expected, actual }: Divergence): string | null {
  if (expected.margin === null) return null;
  const recorded = `when recorded, the golden's token ${standing(expected.margin)}`;
  return actual.margin === null ? recorded : `${recorded}; now the other token ${standing(actual.margin)}`;
}

const standing = (margin: number) =>
  margin < 0 ? `was drawn ${nats(-margin)} behind the likeliest` : `led the next likely one by ${nats(margin)}`;

const nats = (value: number) => `${Number(value.toPrecision(3))} nats`;
