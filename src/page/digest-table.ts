/** Answers of which only digests are kept: redacted ones, and outputs that are no text. */
import type { ShownAnswer } from "../report/html/unpack-case.ts";
import { type Child, el } from "./dom.ts";

export function digestTable(
  left: ShownAnswer,
  right: ShownAnswer | null,
  names: readonly [left: string, right: string],
): Element {
  const sides = right === null ? [left] : [left, right];
  const labels = [...new Set(sides.flatMap((side) => rowsOf(side).map(([label]) => label)))];
  const digestOf = (side: ShownAnswer, label: string) => rowsOf(side).find(([name]) => name === label)?.[1] ?? null;
  const rows = labels.map((label) => ({ label, values: sides.map((side) => digestOf(side, label)) }));
  return el(
    "table",
    { class: "digests" },
    el("caption", {}, "Only digests were kept of these answers."),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ...["", names[0], ...(right === null ? [] : [names[1], ""])].map((name) => el("th", { scope: "col" }, name)),
      ),
    ),
    el(
      "tbody",
      {},
      ...rows
        .filter(({ values }) => values.some((value) => value !== null))
        .map(({ label, values }) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, label),
            ...values.map(cell),
            right === null ? null : verdictCell(values),
          ),
        ),
    ),
  );
}

const cell = (value: string | number | null): Element =>
  el("td", {}, value === null ? el("i", {}, "not told") : el("code", {}, String(value)));

function verdictCell([one = null, other = null]: readonly (string | number | null)[]): Child {
  if (one === null || other === null) return el("td", {});
  return el("td", { class: "outcome" }, one === other ? "equal" : el("b", { class: "differs" }, "differs"));
}

function rowsOf({
  redacted,
  outputDigest,
  finishReason,
}: ShownAnswer): readonly (readonly [string, string | number | null])[] {
  const digests = redacted ?? [["output", outputDigest] as const];
  return [...digests, ["finish reason", finishReason]];
}
