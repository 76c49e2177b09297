/** What is known of the token under the pointer or the selection, on both sides. */
import { visibleText } from "../report/escape/terminal-text.ts";
import { el, fill } from "./dom.ts";
import type { Token, TokenRows } from "./token-rows.ts";

export interface TokenTip {
  readonly element: Element;
  bind(span: HTMLElement, side: "left" | "right", index: number): void;
  show(span: HTMLElement, side: "left" | "right", index: number): void;
  hide(): void;
}

export function tokenTip(found: TokenRows, names: readonly [string, string]): TokenTip {
  const element = el("div", { class: "tip", role: "status", hidden: true });
  const show = (span: HTMLElement, side: "left" | "right", index: number) => {
    const isShared = index < found.common;
    const sides = [
      { name: names[0], token: found.left[index], isOwn: side === "left" },
      { name: names[1], token: found.right[index], isOwn: side === "right" },
    ].filter(({ token, isOwn }) => token !== undefined && (isOwn || isShared || index === found.common));
    fill(element, table(index, sides, isShared ? delta(found, index) : null));
    element.hidden = false;
    place(element, span);
  };
  const hide = () => {
    element.hidden = true;
  };
  return {
    element,
    show,
    hide,
    bind(span, side, index) {
      span.addEventListener("pointerenter", () => show(span, side, index));
      span.addEventListener("pointerleave", hide);
    },
  };
}

function table(
  index: number,
  sides: readonly { readonly name: string; readonly token: Token | undefined }[],
  difference: string | null,
): Element {
  const rows: readonly (readonly [string, (token: Token) => string | null])[] = [
    ["text", ({ text }) => `“${visibleText(text)}”`],
    ["id", ({ id }) => (id === null ? null : id === 0xffff_ffff ? "not told" : String(id))],
    ["log-probability", ({ logprob }) => (logprob === null ? null : `${number(logprob)} (${percent(logprob)})`)],
    ["margin", ({ margin }) => (margin === null ? null : number(margin))],
  ];
  const shown = rows.filter(([, value]) => sides.some(({ token }) => token !== undefined && value(token) !== null));
  return el(
    "table",
    {},
    el(
      "thead",
      {},
      el("tr", {}, el("th", {}, `token ${index}`), ...sides.map(({ name }) => el("th", { scope: "col" }, name))),
    ),
    el(
      "tbody",
      {},
      ...shown.map(([label, value]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, label),
          ...sides.map(({ token }) => el("td", {}, token === undefined ? null : value(token))),
        ),
      ),
      difference === null
        ? null
        : el("tr", {}, el("th", { scope: "row" }, "difference"), el("td", { colspan: 2 }, difference)),
    ),
  );
}

function delta({ left, right }: TokenRows, index: number): string | null {
  const [one, other] = [left[index]?.logprob ?? null, right[index]?.logprob ?? null];
  if (one === null || other === null) return null;
  return other === one ? "none" : `${(other - one).toExponential(2)} nats`;
}

const number = (value: number) => value.toFixed(4);

function percent(logprob: number): string {
  const probability = 100 * Math.exp(logprob);
  return `${probability < 0.1 ? probability.toExponential(0) : probability.toFixed(probability < 10 ? 1 : 0)} %`;
}

/** Below the token, or above it where there is no room. Positions are set by script: the policy of the page allows no inline style. */
function place(tip: HTMLElement, span: HTMLElement): void {
  const at = span.getBoundingClientRect();
  const { innerWidth, innerHeight } = window;
  const below = at.bottom + tip.offsetHeight + 8 < innerHeight;
  tip.style.setProperty("left", `${Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8))}px`);
  tip.style.setProperty("top", `${below ? at.bottom + 4 : Math.max(8, at.top - tip.offsetHeight - 4)}px`);
}
