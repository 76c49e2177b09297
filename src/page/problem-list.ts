/** Problems with their place, what was found and expected, the evidence and what to do. */
import { place } from "../report/render/rows.ts";
import type { Report } from "../report/report.ts";
import { el, facts } from "./dom.ts";

type Problem = Report["problems"][number];

/** Null for none. */
export function problemList(problems: readonly Problem[]): Element | null {
  return problems.length === 0 ? null : el("div", { class: "problems" }, ...problems.map(problemCard));
}

function problemCard({ code, title, location, found, expected, help, evidence }: Problem): Element {
  return el(
    "article",
    { class: "card problem" },
    el("h3", {}, title, " ", el("code", { class: "muted" }, code)),
    facts("", [
      ["Place", place(location)],
      ["Found", found],
      ["Expected", expected],
    ]),
    evidence.length === 0 ? null : evidenceBox(evidence),
    help.length === 0 ? null : el("ul", { class: "help" }, ...help.map((line) => el("li", {}, line))),
  );
}

/** Of a log the end tells most. */
function evidenceBox(lines: readonly string[]): Element {
  const box = el("pre", { tabindex: 0, role: "region", "aria-label": "Evidence" }, lines.join("\n"));
  requestAnimationFrame(() => {
    box.scrollTop = box.scrollHeight;
  });
  return box;
}
