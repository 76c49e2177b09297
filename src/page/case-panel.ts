/** One case in full: what differs and why, the plot along the output, both answers token by token. */

import type { ShownAnswer, ShownCase } from "../report/html/unpack-case.ts";
import { caseInWords } from "../report/render/case-in-words.ts";
import { counted, place, plural } from "../report/render/rows.ts";
import type { CaseReport } from "../report/report.ts";
import { type AnswerDiff, answerDiff } from "./answer-diff.ts";
import { digestTable } from "./digest-table.ts";
import { el, facts, fill } from "./dom.ts";
import type { PageData } from "./page-data.ts";
import { problemList } from "./problem-list.ts";

export interface CasePanel {
  readonly element: Element;
  /** Shows the first divergence in the middle. */
  toDivergence(): void;
  /** Selects the next (1) or previous (-1) near tie. */
  toNearTie(step: 1 | -1): void;
}

export function casePanel(item: CaseReport, shown: ShownCase | null, data: PageData): CasePanel {
  const body = el("div", { class: "answers" });
  let diff: AnswerDiff | null = null;
  const heading = el(
    "h3",
    { tabindex: -1 },
    el("span", { class: `chip v-${item.verdict}` }, item.verdict),
    " ",
    item.id,
  );
  const element = el(
    "article",
    { class: "case-panel", "aria-label": `Case ${item.id}` },
    heading,
    el("p", { class: "sentence" }, `The case ${caseInWords(item)}`),
    facts("", [
      ["Tier", item.tier],
      ["Written", place(item.source)],
      ["Golden", place(item.golden)],
      ["Contract", shown?.contract ?? null],
      ["Log-probabilities", logprobs(item)],
      [
        "Not generated",
        item.tokensSaved === 0 ? null : `${plural(item.tokensSaved, "token")}: it was stopped at the split`,
      ],
      ["Asked otherwise", item.contractChanges.length === 0 ? null : item.contractChanges.join("; ")],
    ]),
    problemList(item.problems),
    body,
  );
  const compare = (left: ShownAnswer, right: ShownAnswer | null) => {
    const names = [nameOf(left, data), right === null ? "" : nameOf(right, data)] as const;
    if (left.redacted !== null || right?.redacted != null || left.outputDigest !== null) {
      diff = null;
      return [digestTable(left, right, names)];
    }
    diff = answerDiff({ left, right, names }, data.nearTieNats);
    return [diff.element];
  };
  showAnswers({ item, shown, data }, body, compare);
  return {
    element,
    toDivergence: () => diff?.toDivergence(),
    toNearTie: (step) => diff?.toNearTie(step),
  };
}

function showAnswers(
  { item, shown, data }: { readonly item: CaseReport; readonly shown: ShownCase | null; readonly data: PageData },
  body: HTMLElement,
  compare: (left: ShownAnswer, right: ShownAnswer | null) => readonly Element[],
): void {
  const answers = shown?.answers ?? [];
  const [first, second = null] = answers;
  if (first === undefined) {
    const why =
      data.leftOut > 0
        ? "This page would have grown too large: the answers of this case were left out. The transcript has them."
        : "No answer of this case was kept.";
    fill(body, excerpt(item), el("p", { class: "muted" }, why));
    return;
  }
  if (answers.length < 3) {
    fill(body, ...compare(first, second));
    return;
  }
  const area = el("div", {});
  // What an unstable engine said when it was asked again is what its case is about.
  const chosenAtFirst = item.verdict === "unstable" ? [answers.length - 2, answers.length - 1] : [0, 1];
  const selects = chosenAtFirst.map((chosen, side) =>
    el(
      "select",
      { "aria-label": side === 0 ? "Left answer" : "Right answer" },
      ...answers.map((answer, index) =>
        el("option", { value: index, selected: index === chosen }, nameOf(answer, data)),
      ),
    ),
  );
  const update = () => {
    const [left, right] = selects.map((select) => answers[Number(select.value)]);
    if (left !== undefined && right !== undefined) fill(area, ...compare(left, right));
  };
  for (const select of selects) select.addEventListener("change", update);
  const [leftSelect = null, rightSelect = null] = selects;
  fill(
    body,
    el("p", { class: "choose" }, `${answers.length} answers: compare `, leftSelect, " with ", rightSelect),
    area,
  );
  update();
}

/** What the report itself tells of the place where the answers part. */
function excerpt({ divergence }: CaseReport): Element | null {
  if (divergence === null) return null;
  const side = ({ text, tokenId, logprob, margin }: typeof divergence.expected) => {
    const numbers = [
      tokenId === null ? null : `token ${tokenId}`,
      logprob === null ? null : `log-probability ${logprob.toFixed(4)}`,
      margin === null ? null : `margin ${margin.toFixed(4)}`,
    ].filter((part) => part !== null);
    return text === "" && numbers.length === 0
      ? null
      : `${text}${numbers.length === 0 ? "" : ` (${numbers.join(", ")})`}`;
  };
  return facts("excerpt", [
    ["Before", divergence.before],
    ["Expected", side(divergence.expected)],
    ["Actual", side(divergence.actual)],
  ]);
}

/** A recording expects nothing: its answers go by launch and number. */
function nameOf({ of }: ShownAnswer, { report }: PageData): string {
  if (of === "golden") return "expected (golden)";
  if (report.command === "record") return `launch ${of.launch}, answer ${of.repeat}`;
  if (of.launch === 1) return of.repeat === 1 ? "actual" : `actual, asked again (${of.repeat})`;
  return `actual, launch ${of.launch}, answer ${of.repeat}`;
}

function logprobs({ logprobDrift: drift }: CaseReport): string | null {
  if (drift === null || drift.positions === 0) return null;
  if (drift.differing === 0) return `all ${counted(drift.positions)} compared are equal, bit for bit`;
  const [most, mean] = [drift.maxAbs, drift.meanAbs].map((value) => String(Number(value.toPrecision(3))));
  return `${counted(drift.differing)} of ${counted(drift.positions)} differ; largest ${most}, mean ${mean} nats`;
}
