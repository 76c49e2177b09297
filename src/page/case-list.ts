/** The list of cases: filters by verdict and text, one button a case. */
import type { CaseVerdict } from "../model/verdict.ts";
import { counted, plural } from "../report/render/rows.ts";
import type { CaseReport } from "../report/report.ts";
import { el } from "./dom.ts";

export interface CaseList {
  readonly element: Element;
  /** Marks the case, brings it into view and makes it the one that Tab stops at. */
  select(index: number): void;
  /** The next (1) or previous (-1) case that the filters show; null when there is none. */
  neighbour(of: number | null, step: 1 | -1): number | null;
  focusSearch(): void;
}

/** What a reader must look at first. */
const order: readonly CaseVerdict[] = ["error", "drift", "unstable", "missing", "obsolete", "close", "match"];

export function caseList(cases: readonly CaseReport[], open: (index: number) => void): CaseList {
  const sorted = cases
    .map((item, index) => ({ item, index }))
    .sort((a, b) => order.indexOf(a.item.verdict) - order.indexOf(b.item.verdict) || a.index - b.index);
  const rows = sorted.map(({ item, index }) => {
    const button = el(
      "button",
      { type: "button", class: "case-row", tabindex: -1 },
      el("span", { class: `chip v-${item.verdict}` }, item.verdict),
      el("span", { class: "case-id" }, item.id),
      el("span", { class: "muted" }, whereShort(item)),
    );
    button.addEventListener("click", () => open(index));
    return { index, verdict: item.verdict, words: wordsOf(item), button, row: el("li", {}, button) };
  });
  const verdicts = new Set<CaseVerdict>();
  const search = el("input", {
    type: "search",
    placeholder: "Find a case or a text ( / )",
    "aria-label": "Find a case by id or text",
    spellcheck: "false",
    autocomplete: "off",
  });
  const status = el("p", { class: "muted status", role: "status" });
  const list = el("ul", { class: "case-rows", "aria-label": "Cases" }, ...rows.map(({ row }) => row));
  let selected: number | null = null;
  const shownRows = () => rows.filter(({ row }) => !row.hidden);
  // A thousand cases are one stop of the Tab key: the arrows go from case to case.
  const stopAt = (stop: HTMLElement | undefined) => {
    for (const { button } of rows) button.tabIndex = button === stop ? 0 : -1;
  };
  const stopAtSelected = () => {
    const shown = shownRows();
    stopAt((shown.find(({ index }) => index === selected) ?? shown[0])?.button);
  };
  list.addEventListener("keydown", (event) => {
    const shown = shownRows().map(({ button }) => button);
    const at = shown.indexOf(event.target as HTMLButtonElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    const button = next === undefined ? undefined : shown[next];
    if (button === undefined) return;
    event.preventDefault();
    stopAt(button);
    button.focus();
  });

  const filter = () => {
    const wanted = search.value.toLowerCase();
    for (const one of rows) {
      const hasVerdict = verdicts.size === 0 || verdicts.has(one.verdict);
      one.row.hidden = !hasVerdict || !one.words.includes(wanted);
    }
    const shown = shownRows().length;
    stopAtSelected();
    status.textContent =
      shown === rows.length ? plural(shown, "case") : `${counted(shown)} of ${plural(rows.length, "case")}`;
  };
  search.addEventListener("input", filter);
  search.addEventListener("keydown", ({ key }) => {
    const [first] = shownRows();
    if (key === "Enter" && first !== undefined) open(first.index);
  });
  const chips = order
    .map((verdict) => ({ verdict, count: cases.filter((item) => item.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => {
      const chip = el(
        "button",
        { type: "button", class: `filter v-${verdict}`, "aria-pressed": "false" },
        verdict,
        el("b", {}, counted(count)),
      );
      chip.addEventListener("click", () => {
        if (!verdicts.delete(verdict)) verdicts.add(verdict);
        chip.setAttribute("aria-pressed", String(verdicts.has(verdict)));
        filter();
      });
      return chip;
    });
  filter();

  return {
    element: el(
      "div",
      { class: "case-list" },
      el("div", { class: "filters", role: "group", "aria-label": "Show only these verdicts" }, ...chips),
      search,
      status,
      list,
    ),
    select(index) {
      selected = index;
      stopAtSelected();
      for (const one of rows) {
        if (one.index === index) {
          one.button.setAttribute("aria-current", "true");
          bringIntoView(list, one.row);
        } else one.button.removeAttribute("aria-current");
      }
    },
    neighbour(of, step) {
      const shown = shownRows();
      const at = shown.findIndex(({ index }) => index === of);
      const next = at === -1 ? shown[0] : shown[at + step];
      return next?.index ?? null;
    },
    focusSearch: () => search.focus(),
  };
}

function whereShort({ divergence, verdict, unit }: CaseReport): string {
  if (verdict === "match" || divergence === null) return "";
  const at = divergence.tokenIndex ?? divergence.textOffset;
  if (divergence.kind === "prompt") return "prompt";
  return at === null
    ? divergence.kind
    : `${divergence.tokenIndex === null ? unit.slice(0, -1) : "token"} ${counted(at)}`;
}

/** What the search looks at. */
function wordsOf({ id, divergence, problems, contractChanges }: CaseReport): string {
  const texts = divergence === null ? [] : [divergence.before, divergence.expected.text, divergence.actual.text];
  return [id, ...texts, ...contractChanges, ...problems.map(({ title, code }) => `${title} ${code}`)]
    .join("\n")
    .toLowerCase();
}

/** Within the list alone: the page stays where it is. */
function bringIntoView(list: HTMLElement, row: HTMLElement): void {
  const top = row.offsetTop - list.offsetTop;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + row.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top + row.offsetHeight - list.clientHeight;
  }
}
