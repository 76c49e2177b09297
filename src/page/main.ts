/** The report as a page: builds everything from the data that the page carries, once, and opens cases as they are chosen. */
import { type CaseList, caseList } from "./case-list.ts";
import { type CasePanel, casePanel } from "./case-panel.ts";
import { type Child, el, facts, fill } from "./dom.ts";
import { environmentPanel } from "./environment-panel.ts";
import { goldenChangesPanel } from "./golden-changes-panel.ts";
import { keys } from "./keys.ts";
import { type PageData, readCase, readPageData } from "./page-data.ts";
import { problemList } from "./problem-list.ts";
import { themeSwitch } from "./theme.ts";
import { verdictPanel } from "./verdict-panel.ts";

const data = readPageData();
const { report } = data;
const area = el("div", { class: "case-area", "aria-live": "off" });
let list: CaseList | null = null;
let panel: CasePanel | null = null;
let current: number | null = null;
/** Says to a screen reader which case was opened by a key, where no focus moves. */
const said = el("p", { class: "unseen", role: "status" });

async function open(index: number, focus: "list" | "panel" = "panel"): Promise<void> {
  const item = report.cases[index];
  if (item === undefined) return;
  current = index;
  list?.select(index);
  // At once: done later, it could overwrite an address that was asked for meanwhile.
  history.replaceState(null, "", `#case=${encodeURIComponent(item.id)}`);
  area.setAttribute("aria-busy", "true");
  const shown = await readCase(index);
  if (current !== index) return;
  panel = casePanel(item, shown, data);
  fill(area, panel.element);
  area.removeAttribute("aria-busy");
  fill(said, `${item.id}, ${item.verdict}`);
  if (focus === "panel" && window.matchMedia("(max-width: 60rem)").matches) area.scrollIntoView();
}

const step = (by: 1 | -1) => {
  const next = list?.neighbour(current, by) ?? null;
  if (next !== null) void open(next, "list");
};

const theme = themeSwitch();
const help = keys([
  { keys: ["j"], what: "next case", run: () => step(1) },
  { keys: ["k"], what: "previous case", run: () => step(-1) },
  { keys: ["/"], what: "find a case", run: () => list?.focusSearch() },
  { keys: ["d"], what: "to the first divergence", run: () => panel?.toDivergence() },
  { keys: ["n"], what: "next near tie", run: () => panel?.toNearTie(1) },
  { keys: ["p"], what: "previous near tie", run: () => panel?.toNearTie(-1) },
  { keys: ["t"], what: "light, dark or automatic colours", run: theme.next },
]);
const helpButton = el("button", { type: "button" }, "? Keys");
helpButton.addEventListener("click", help.showHelp);

function casesSection(): Child {
  if (report.cases.length === 0)
    return el("section", {}, el("h2", {}, "Cases"), el("p", { class: "muted" }, "No case was run."));
  list = caseList(report.cases, (index) => void open(index));
  return el(
    "section",
    { id: "cases", tabindex: -1, "aria-labelledby": "cases-title" },
    el("h2", { id: "cases-title" }, "Cases"),
    el("div", { class: "case-panes" }, list.element, area),
    said,
  );
}

function provenance({ provenance: rows }: PageData): Child {
  const value = (label: string, text: string): Child =>
    label === "Run" && text.startsWith("https://")
      ? el("a", { href: text, rel: "noreferrer" }, text)
      : el("code", {}, text);
  const list = facts(
    "provenance",
    rows.map(({ label, value: text }) => [label, value(label, text)] as const),
  );
  return list === null
    ? null
    : el("section", { "aria-labelledby": "provenance" }, el("h2", { id: "provenance" }, "Where this comes from"), list);
}

document.title = `${report.verdict} · ${report.suite?.name ?? "Inference Gate"}`;
fill(
  document.getElementById("page") ?? document.body,
  el("a", { class: "skip", href: "#cases" }, "Skip to the cases"),
  el(
    "header",
    {},
    el("b", {}, "Inference Gate"),
    el(
      "span",
      { class: "muted" },
      ` ${report.command} of ${report.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")}`,
    ),
    el("span", { class: "gap" }),
    helpButton,
    theme.element,
  ),
  el(
    "main",
    {},
    verdictPanel(report),
    problemSection(),
    warningSection(),
    goldenChangesPanel(report),
    ...sections(),
    provenance(data),
  ),
  help.element,
);

/** What changed explains the cases and stands before them; that nothing changed is told after. */
function sections(): readonly Child[] {
  const { changes, contractChanges } = report.environment;
  const both = [environmentPanel(report), casesSection()];
  return changes.length + contractChanges.length > 0 ? both : both.reverse();
}

function problemSection(): Child {
  const problems = problemList(report.problems);
  return problems === null
    ? null
    : el("section", { "aria-labelledby": "problems" }, el("h2", { id: "problems" }, "Problems"), problems);
}

function warningSection(): Child {
  const warnings = problemList(report.warnings);
  return warnings === null
    ? null
    : el("section", { "aria-labelledby": "warnings" }, el("h2", { id: "warnings" }, "Warning"), warnings);
}

const addressed = () => report.cases.findIndex(({ id }) => location.hash === `#case=${encodeURIComponent(id)}`);

window.addEventListener("hashchange", () => {
  const index = addressed();
  if (index !== -1 && index !== current) void open(index);
});
const atFirst = addressed();
const first = atFirst === -1 ? ((list as CaseList | null)?.neighbour(null, 1) ?? null) : atFirst;
if (first !== null) void open(first, "list");
