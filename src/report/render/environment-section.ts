/** What changed since the goldens were recorded, and what that and the outputs say about the cause. */
import { digestPattern } from "../../model/digest.ts";
import { cutEnd, displayWidth, padEnd } from "../escape/columns.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { Report } from "../report.ts";
import { paint, type RenderOptions } from "./paint.ts";
import { cutList, moreInJson, paragraph } from "./rows.ts";

type Change = Report["environment"]["changes"][number];

/** Share of the width that labels may take. */
const labelShare = 0.5;
const widestValue = 160;
/** Cases named behind a diagnosis. */
const mostNames = 8;

/** Breaking changes first (`!`), then the noted ones (`·`); nothing when nothing changed. */
export function environmentSection(report: Report, options: RenderOptions): readonly string[] {
  const { changes, contractChanges } = report.environment;
  if (changes.length + contractChanges.length === 0) return [];
  const { shown, more } = cutList([...changes].sort(byWeight), options.limit);
  const labels = shown.map((change) => cutEnd(terminalText(change.label), Math.floor(labelShare * options.width)));
  const longest = Math.max(0, ...labels.map(displayWidth));
  const since = report.generation === null ? "the recording" : `generation ${report.generation}`;
  return [
    paint("heading", `Changed since ${since}`, options),
    ...contractChanges.flatMap((change) => paragraph("  ! ", change, options.width)),
    ...shown.flatMap((change, index) =>
      paragraph(
        `  ${change.weight === "breaking" ? "!" : "·"} ${padEnd(labels[index] ?? "", longest)}  `,
        `${valueText(change.before)} → ${valueText(change.after)}`,
        options.width,
      ),
    ),
    ...moreInJson(more, 2),
    ...(changes.some((change) => change.weight === "noted") ? ["  (· is noted only: it gives no verdict)"] : []),
  ];
}

/** The most likely cause, then what else holds for other cases. */
export function diagnosisSection(report: Report, options: RenderOptions): readonly string[] {
  const { shown, more } = cutList(report.diagnoses, options.limit);
  return [
    ...shown.flatMap(({ cause, sentence, evidence, cases }, index) => [
      ...(index === 0 ? [] : [""]),
      `${paint("heading", headingOf(cause, index), options)}: ${cause}`,
      ...paragraph("  ", sentence, options.width),
      ...evidence.flatMap((line) => paragraph("  - ", line, options.width)),
      ...(cases.length === 0 ? [] : paragraph("  ", `in ${names(cases)}`, options.width)),
    ]),
    ...moreInJson(more, 2),
  ];
}

function headingOf(cause: Report["diagnoses"][number]["cause"], index: number): string {
  if (index > 0) return "Also";
  return cause === "unknown" ? "Cause" : "Likely cause";
}

function byWeight(a: Change, b: Change): number {
  if (a.weight !== b.weight) return a.weight === "breaking" ? -1 : 1;
  return a.rank - b.rank;
}

function valueText(value: Change["before"]): string {
  if (value === null) return "absent";
  const text = String(value);
  return digestPattern.test(text)
    ? `${text.slice(0, "sha256:".length + 12)}…`
    : cutEnd(terminalText(text), widestValue);
}

function names(cases: readonly string[]): string {
  const { shown, more } = cutList(cases, mostNames);
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
