/** What changed since the goldens were recorded, grouped by what it is about, and everything that was measured. */
import { changeGroups } from "../report/change-groups.ts";
import type { Report } from "../report/report.ts";
import { type Child, el } from "./dom.ts";

type Change = Report["environment"]["changes"][number];
type Value = Change["before"];

/** Null when no engine was reached. */
export function environmentPanel({ environment, generation, cases }: Report): Element | null {
  const { changes, facts } = environment;
  const asked = [...environment.contractChanges, ...askedInCases(cases)];
  if (changes.length + asked.length + facts.length === 0) return null;
  const since = generation === null ? "the recording" : `generation ${generation}`;
  const hasChanged = changes.length + asked.length > 0;
  return el(
    "section",
    { "aria-labelledby": "environment" },
    el("h2", { id: "environment" }, hasChanged ? `Changed since ${since}` : "Environment"),
    asked.length > 0 && changes.length === 0
      ? el("p", {}, "Nothing that was measured has changed; what is asked has:")
      : null,
    hasChanged
      ? scrolling("Changes", changeTable(changes, asked, since))
      : el("p", { class: "muted" }, `Nothing changed since ${since}.`),
    facts.length === 0 ? null : everyFact(facts),
  );
}

/** A change that many cases share is one line. */
function askedInCases(cases: Report["cases"]): readonly string[] {
  const changed = cases.filter(({ contractChanges }) => contractChanges.length > 0);
  const lines = [...new Set(changed.flatMap(({ contractChanges }) => contractChanges))];
  return lines.map((line) => {
    const ids = changed.filter(({ contractChanges }) => contractChanges.includes(line)).map(({ id }) => id);
    return ids.length === 1 ? `${ids[0]}: ${line}` : `in ${ids.length} cases: ${line}`;
  });
}

function changeTable(changes: readonly Change[], contractChanges: readonly string[], since: string): Element {
  const groups = changeGroups(changes, { breaking: Infinity, noted: Infinity });
  return el(
    "table",
    { class: "changes" },
    el("caption", { class: "unseen" }, "Differences of environment and contract"),
    head("What", `In ${since}`, "Now", "Weight"),
    contractChanges.length === 0
      ? null
      : el("tbody", {}, groupRow("What is asked"), ...contractChanges.map((text) => contractRow(text))),
    ...groups.map(({ title, shown: members }) => el("tbody", {}, groupRow(capital(title)), ...members.map(changeRow))),
  );
}

const groupRow = (name: string) => el("tr", { class: "group" }, el("th", { colspan: 4, scope: "rowgroup" }, name));

const contractRow = (text: string) =>
  el("tr", {}, el("td", { colspan: 3 }, el("code", {}, text)), el("td", {}, weight("breaking")));

const changeRow = (change: Change) =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, change.label),
    el("td", {}, shown(change.before)),
    el("td", {}, shown(change.after)),
    el("td", {}, weight(change.weight)),
  );

const weight = (of: Change["weight"]) =>
  el("span", { class: `chip ${of === "breaking" ? "bad" : "plain"}` }, of === "breaking" ? "breaking" : "noted");

function everyFact(facts: Report["environment"]["facts"]): Element {
  return el(
    "details",
    {},
    el("summary", {}, `Everything that was measured (${facts.length})`),
    scrolling(
      "Measured facts",
      el(
        "table",
        {},
        head("Fact", "Value", "Read from"),
        el(
          "tbody",
          {},
          ...facts.map(({ key, value, source }) =>
            el("tr", {}, el("th", { scope: "row" }, key), el("td", {}, shown(value)), el("td", {}, source)),
          ),
        ),
      ),
    ),
  );
}

const scrolling = (name: string, table: Element) =>
  el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": name }, table);

const head = (...names: readonly string[]) =>
  el("thead", {}, el("tr", {}, ...names.map((name) => el("th", { scope: "col" }, name))));

const shown = (value: Value): Child => (value === null ? el("i", {}, "absent") : el("code", {}, String(value)));

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
