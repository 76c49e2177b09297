/** What changed since the goldens were recorded, and the cause that this and the outputs speak for. */
import { causeName } from "../../cause-name.ts";
import { changeGroups } from "../../change-groups.ts";
import { cutEnd } from "../../escape/columns.ts";
import { markdownCode, markdownText } from "../../escape/markdown.ts";
import { terminalText } from "../../escape/terminal-text.ts";
import type { Report } from "../../report.ts";
import { headingOf, valueText } from "../environment-section.ts";
import { cutList, plural } from "../rows.ts";
import { table } from "./table.ts";

/** Rows of one group, and contract changes: an upgrade of an image changes a hundred packages, and the first few tell it. */
const mostOfGroup = { breaking: 16, noted: 4 };
const mostContractChanges = 30;
const mostDiagnoses = 5;
const mostEvidence = 6;
const longestText = 400;

/** A heading and a table; nothing when nothing changed. */
export function environmentTable({ environment, generation }: Report): readonly string[] {
  const { changes, contractChanges } = environment;
  if (changes.length + contractChanges.length === 0) return [];
  const contract = cutList(contractChanges, mostContractChanges);
  const groups = changeGroups(changes, mostOfGroup);
  const rows = [
    ...contract.shown.map((change) => ["contract", ...contractCells(change), "breaking"]),
    ...groups.flatMap(({ shown }) =>
      shown.map(({ label, before, after, weight }) => [
        cut(label),
        markdownCode(valueText(before)),
        markdownCode(valueText(after)),
        weight === "breaking" ? "breaking" : "noted only",
      ]),
    ),
  ];
  const more = contract.more + groups.reduce((sum, group) => sum + group.more, 0);
  const since = generation === null ? "the recording" : `generation ${generation}`;
  return [
    `### Changed since ${since}`,
    "",
    ...table(["what", "recorded", "this run", "weight"], rows),
    ...(more === 0 ? [] : ["", `… ${plural(more, "more change")} in \`report.json\`.`]),
  ];
}

/** Such as `sampling.seed 42 → 43` in the columns of the table. */
function contractCells(change: string): readonly [string, string] {
  const arrow = change.lastIndexOf(" → ");
  return arrow === -1 ? [cut(change), "–"] : [code(change.slice(0, arrow)), code(change.slice(arrow + " → ".length))];
}

/** The most likely cause with its evidence, then what else holds. */
export function diagnosisText(report: Report): readonly string[] {
  const { shown, more } = cutList(report.diagnoses, mostDiagnoses);
  return [
    ...shown.flatMap(({ cause, sentence, evidence }, index) => [
      ...(index === 0 ? [] : [""]),
      `**${headingOf(cause, index)}: ${causeName(cause, report)}.** ${cut(sentence)}`,
      "",
      ...evidence.slice(0, mostEvidence).map((line) => `- ${cut(line)}`),
    ]),
    ...(more === 0 ? [] : ["", `… ${plural(more, "more cause")} in \`report.json\`.`]),
  ];
}

const cut = (text: string) => markdownText(cutEnd(terminalText(text), longestText));
const code = (text: string) => markdownCode(cutEnd(terminalText(text), longestText));
