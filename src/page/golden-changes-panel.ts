/** Goldens that the change under review brings itself: which, why, and how their texts differ. */
import {
  type GoldenChange,
  goldenChangesInWords,
  type LockChange,
  lockLines,
  movedInWords,
  reasonInWords,
} from "../report/render/golden-changes.ts";
import { plural } from "../report/render/rows.ts";
import type { Report } from "../report/report.ts";
import { el } from "./dom.ts";

/** Null when it brings none. */
export function goldenChangesPanel(report: Report): Element | null {
  const words = goldenChangesInWords(report);
  if (words === null || report.goldenChanges === null) return null;
  const { base, policy, cases, lock } = report.goldenChanges;
  return el(
    "section",
    { "aria-labelledby": "golden-changes" },
    el("h2", { id: "golden-changes" }, words),
    el(
      "p",
      { class: "muted" },
      "Held against ",
      el("code", {}, base.slice(0, 12)),
      `, accept-changes ${policy}${movedInWords(report.goldenChanges)}.`,
    ),
    ...cases.map(changeDetails),
    ...lock.map(lockDetails),
  );
}

function changeDetails(change: GoldenChange): Element {
  const { id, hardwareClass, kind, diff, more } = change;
  return el(
    "details",
    { class: "golden-change" },
    el("summary", {}, el("code", {}, id), ` on ${hardwareClass}, ${kind}: ${reasonInWords(change)}`),
    diff === null
      ? null
      : diff.length === 0
        ? el("p", { class: "muted" }, "The text is the same; tokens or numbers differ.")
        : el("div", { class: "line-diff" }, ...diff.map(lineElement)),
    more === 0 ? null : el("p", { class: "muted" }, `… ${plural(more, "more line")}`),
  );
}

function lockDetails(change: LockChange): Element {
  return el(
    "details",
    { class: "golden-change", open: "" },
    el("summary", {}, `The lock on ${change.hardwareClass}: ${reasonInWords(change)}`),
    el("ul", {}, ...lockLines(change).map((line) => el("li", {}, line))),
  );
}

type DiffLine = NonNullable<GoldenChange["diff"]>[number];

function lineElement({ kind, text, lines }: DiffLine): Element {
  if (kind === "removed") return el("del", {}, "- ", text);
  if (kind === "added") return el("ins", {}, "+ ", text);
  return el(
    "span",
    { class: kind === "same" ? "" : "muted" },
    kind === "same" ? `  ${text}` : `… ${plural(lines, "equal line")}`,
  );
}
