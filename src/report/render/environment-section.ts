/** What changed since the goldens were recorded, and what that and the outputs say about the cause. */
import { digestPattern } from "../../model/digest.ts";
import { causeName } from "../cause-name.ts";
import { type ChangeGroup, changeGroups } from "../change-groups.ts";
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
/** Rows of one group: an upgrade of an image changes a hundred packages, and the first few tell it. */
const mostOfGroup = { breaking: 16, noted: 4 };

/** By group, breaking changes first (`!`), then the noted ones (`·`); nothing when nothing changed. */
export function environmentSection(report: Report, options: RenderOptions): readonly string[] {
  const { changes, contractChanges } = report.environment;
  if (changes.length + contractChanges.length === 0) return [];
  const groups = changeGroups(changes, {
    breaking: Math.min(options.limit, mostOfGroup.breaking),
    noted: Math.min(options.limit, mostOfGroup.noted),
  });
  const since = report.generation === null ? "the recording" : `generation ${report.generation}`;
  const isTitled = groups.length > 1 || groups.some(({ more }) => more > 0);
  return [
    paint("heading", `Changed since ${since}`, options),
    ...contractChanges.flatMap((change) => paragraph("  ! ", change, options.width)),
    ...groups.flatMap((group) => groupRows(group, isTitled, options)),
    ...(changes.some((change) => change.weight === "noted") ? ["  (· is noted only: it gives no verdict)"] : []),
  ];
}

function groupRows(group: ChangeGroup, isTitled: boolean, { width }: RenderOptions): readonly string[] {
  const indent = isTitled ? "    " : "  ";
  const labels = group.shown.map((change) => cutEnd(terminalText(change.label), Math.floor(labelShare * width)));
  const longest = Math.max(0, ...labels.map(displayWidth));
  return [
    ...(isTitled ? [`  ${group.title}${group.more > 0 ? ` (${inNumbers(group)})` : ""}`] : []),
    ...group.shown.flatMap((change, index) =>
      paragraph(
        `${indent}${change.weight === "breaking" ? "!" : "·"} ${padEnd(labels[index] ?? "", longest)}  `,
        `${valueText(change.before)} → ${valueText(change.after)}`,
        width,
      ),
    ),
    ...moreInJson(group.more, indent.length),
  ];
}

function inNumbers({ breaking, noted }: ChangeGroup): string {
  return [...(breaking > 0 ? [`${breaking} breaking`] : []), ...(noted > 0 ? [`${noted} noted`] : [])].join(", ");
}

/** The most likely cause, then what else holds for other cases. */
export function diagnosisSection(report: Report, options: RenderOptions): readonly string[] {
  const { shown, more } = cutList(report.diagnoses, options.limit);
  return [
    ...shown.flatMap(({ cause, sentence, evidence, cases }, index) => [
      ...(index === 0 ? [] : [""]),
      `${paint("heading", headingOf(cause, index), options)}: ${causeName(cause, report)}`,
      ...paragraph("  ", sentence, options.width),
      ...evidence.flatMap((line) => paragraph("  - ", line, options.width)),
      ...(cases.length === 0 ? [] : paragraph("  ", `in ${names(cases)}`, options.width)),
    ]),
    ...moreInJson(more, 2),
  ];
}

/** What stands before a cause. */
export function headingOf(cause: Report["diagnoses"][number]["cause"], index: number): string {
  if (index > 0) return "Also";
  return cause === "unknown" ? "Cause" : "Likely cause";
}

/** A value of a change; digests are cut. On one line, without what cannot be seen. */
export function valueText(value: Change["before"]): string {
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
