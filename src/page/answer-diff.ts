/** Two answers side by side, token by token: shaded by probability, the first divergence marked and in the middle. */
import { visibleText } from "../report/escape/terminal-text.ts";
import type { ShownAnswer } from "../report/html/unpack-case.ts";
import { counted } from "../report/render/rows.ts";
import { el } from "./dom.ts";
import { plot } from "./plot.ts";
import { nearTiePositions } from "./plot-columns.ts";
import { type Token, type TokenRow, type TokenRows, tokenRows } from "./token-rows.ts";
import { tokenTip } from "./token-tip.ts";

export interface AnswerDiff {
  readonly element: Element;
  toDivergence(): void;
  toNearTie(step: 1 | -1): void;
}

export interface Sides {
  readonly left: ShownAnswer;
  /** Null where there is only one answer. */
  readonly right: ShownAnswer | null;
  readonly names: readonly [left: string, right: string];
}

export function answerDiff({ left, right, names }: Sides, nearTieNats: number): AnswerDiff {
  const found = tokenRows(left, right);
  const { rows, common, areEqual } = found;
  const ties = nearTiePositions(found.left, found.right, nearTieNats);
  const isTie = new Set(ties);
  const tip = tokenTip(found, names);
  const spans = new Map<string, HTMLElement>();
  const span = (token: Token, side: "left" | "right") => {
    const isSplit = !areEqual && token.index === common;
    const marks = [
      shade(token),
      isTie.has(token.index) && isNear(token, nearTieNats) ? "near" : "",
      isSplit ? "split" : "",
    ];
    const made = el("span", { class: `t ${marks.filter((mark) => mark !== "").join(" ")}` }, tokenText(token));
    if (!areEqual && token.index >= common) made.classList.add("other");
    spans.set(`${side} ${token.index}`, made);
    tip.bind(made, side, token.index);
    return made;
  };
  const grid = el(
    "div",
    {
      class: `tokens ${areEqual ? "one" : "two"}`,
      tabindex: 0,
      role: "group",
      "aria-label": labelOf(names, areEqual, common),
    },
    ...rows.map((row) =>
      rowElement(row, areEqual, (tokens, side) => cells(tokens, side, span, side === "left" ? left : right)),
    ),
  );
  const scrollTo = (target: HTMLElement | undefined) => {
    if (target === undefined) return;
    // Rows that were not painted yet have a guessed height: the second look is exact.
    const centre = () => {
      const [box, at] = [grid.getBoundingClientRect(), target.getBoundingClientRect()];
      grid.scrollTop += at.top - box.top - grid.clientHeight / 2 + at.height / 2;
    };
    centre();
    requestAnimationFrame(() => requestAnimationFrame(centre));
  };
  let selected = areEqual ? 0 : common;
  const go = (index: number, focus: "show" | "keep") => {
    const side = spans.has(`right ${index}`) && !spans.has(`left ${index}`) ? "right" : "left";
    const target = spans.get(`${side} ${index}`);
    if (target === undefined) return;
    selected = index;
    for (const old of grid.querySelectorAll(".selected")) old.classList.remove("selected");
    for (const one of ["left", "right"]) spans.get(`${one} ${index}`)?.classList.add("selected");
    scrollTo(target);
    drawn.mark(index);
    if (focus === "show") requestAnimationFrame(() => requestAnimationFrame(() => tip.show(target, side, index)));
  };
  const drawn = plot({ found, names, nearTieNats, ties: ties.length }, (index) => go(index, "show"));
  grid.addEventListener("blur", tip.hide);
  grid.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hide();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(selected + step, "show");
  });
  const toDivergence = () => {
    if (areEqual) grid.scrollTop = 0;
    else go(Math.min(common, Math.max(found.left.length, found.right.length) - 1), "keep");
  };
  requestAnimationFrame(toDivergence);
  return {
    element: el(
      "div",
      { class: "diff" },
      drawn.element,
      headings(names, areEqual, found, right),
      grid,
      tip.element,
      legend(found),
    ),
    toDivergence,
    toNearTie(step) {
      const next = step === 1 ? ties.find((tie) => tie > selected) : ties.findLast((tie) => tie < selected);
      if (next !== undefined) go(next, "show");
    },
  };
}

const isNear = ({ margin }: Token, nats: number) => margin !== null && Math.abs(margin) <= nats;

const labelOf = (names: readonly [string, string], areEqual: boolean, common: number) =>
  areEqual
    ? "Tokens of the answer; left and right arrow go from token to token"
    : `Tokens of ${names[0]} and of ${names[1]}; they part at token ${common}; left and right arrow go from token to token`;

function headings(
  names: readonly [string, string],
  areEqual: boolean,
  found: { readonly left: readonly Token[]; readonly right: readonly Token[] },
  right: ShownAnswer | null,
): Element {
  const unit = found.left[0]?.id === null ? "words" : "tokens";
  const size = (tokens: readonly Token[]) => el("small", {}, ` ${counted(tokens.length)} ${unit}`);
  if (areEqual) {
    const name = right === null ? names[0] : `${names[0]} and ${names[1]} are equal`;
    return el("div", { class: "sides one" }, el("b", {}, name, size(found.left)));
  }
  return el(
    "div",
    { class: "sides two" },
    el("b", { class: "left" }, names[0], size(found.left)),
    el("b", { class: "right" }, names[1], size(found.right)),
  );
}

function rowElement(
  row: TokenRow,
  areEqual: boolean,
  cellsOf: (tokens: readonly Token[], side: "left" | "right") => readonly Element[],
): HTMLElement {
  const first = row.left[0] ?? row.right[0];
  return el(
    "div",
    { class: row.isSplit ? "row split-row" : "row" },
    el("span", { class: "at", "aria-hidden": true }, first === undefined ? "" : String(first.index)),
    el("div", { class: "side" }, ...cellsOf(row.left, "left")),
    areEqual ? null : el("div", { class: "side" }, ...cellsOf(row.right, "right")),
  );
}

function cells(
  tokens: readonly Token[],
  side: "left" | "right",
  span: (token: Token, side: "left" | "right") => Element,
  answer: ShownAnswer | null,
): readonly Element[] {
  return tokens.length === 0
    ? [el("i", { class: "muted" }, answer?.finishReason === "abort" ? "(stopped at the split)" : "(ended)")]
    : tokens.map((token) => span(token, side));
}

/** A token that shows nothing is part of a character, or empty. */
const tokenText = ({ text }: Token) => (text === "" ? "·" : visibleText(text));

/** Six classes of probability, from almost certain to almost impossible. */
function shade({ logprob }: Token): string {
  if (logprob === null) return "p0";
  const probability = Math.exp(logprob);
  return `p${[0.9, 0.6, 0.3, 0.1, 0.02].filter((limit) => probability < limit).length}`;
}

/** What the marks mean that can be seen; null where there are none. */
function legend({ left, right, areEqual }: TokenRows): Element | null {
  const tokens = [...left, ...right];
  if (tokens.every(({ logprob }) => logprob === null)) return null;
  const shades = ["≥ 90 %", "60", "30", "10", "2", "less"];
  return el(
    "p",
    { class: "legend muted" },
    "Probability of a token: ",
    ...shades.map((name, index) => el("span", { class: `t p${index}` }, name)),
    ...(tokens.some(({ margin }) => margin !== null) ? [" · ", el("span", { class: "t near" }, "near tie")] : []),
    ...(areEqual ? [] : [" · ", el("span", { class: "t split" }, "first divergence")]),
  );
}
