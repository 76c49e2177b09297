/** The first screen: verdict, why, and what to do next. */
import { causeName } from "../report/cause-name.ts";
import { headlineOf } from "../report/render/headline.ts";
import { counted, duration } from "../report/render/rows.ts";
import type { Report } from "../report/report.ts";
import { el, facts } from "./dom.ts";

export function verdictPanel(report: Report): Element {
  const { word, meaning, tone } = headlineOf(report);
  const { suite, tokens, hardwareClass, generation } = report;
  const engine = [suite?.engine ?? null, suite?.model ?? null, suite?.runtime ?? null].filter((part) => part !== null);
  const perSecond = tokens.perSecond === null ? "" : `, ${tokens.perSecond.toFixed(0)} a second`;
  return el(
    "section",
    { class: `verdict tone-${tone}`, "aria-labelledby": "verdict" },
    el(
      "div",
      { class: "verdict-line" },
      el(
        "h1",
        { id: "verdict" },
        el("span", { class: "mark", "aria-hidden": true }, tone === "good" ? "✓" : "✗"),
        word,
      ),
      el("p", { class: "meaning" }, `${meaning.slice(0, 1).toUpperCase()}${meaning.slice(1)}.`),
      el("span", { class: "exit" }, `exit ${report.exitCode}`),
    ),
    facts("run", [
      ["Suite", suite?.name ?? null],
      ["Engine", engine.join(" · ")],
      ["Hardware", hardwareClass],
      ["Goldens", generation === null ? null : `generation ${generation}`],
      ["Tokens", tokens.generated === 0 ? null : `${counted(tokens.generated)}${perSecond}`],
      ["Took", duration(report.durationMs)],
    ]),
    el("div", { class: "why" }, causes(report), next(report)),
  );
}

function causes(report: Report): Element | null {
  if (report.diagnoses.length === 0) return null;
  return el(
    "div",
    { class: "causes" },
    ...report.diagnoses.map(({ cause, sentence, evidence, cases }, index) =>
      el(
        "article",
        { class: "card" },
        el(
          "h2",
          {},
          index > 0 ? "Also: " : cause === "unknown" ? "Cause: " : "Likely cause: ",
          el("b", {}, causeName(cause, report)),
        ),
        el("p", {}, sentence),
        evidence.length === 0 ? null : el("ul", {}, ...evidence.map((line) => el("li", {}, line))),
        cases.length === 0 ? null : el("p", { class: "muted" }, `In ${namesOf(cases)}.`),
      ),
    ),
  );
}

const mostNames = 6;

function namesOf(cases: readonly string[]): string {
  const more = cases.length - mostNames;
  const shown = cases.slice(0, mostNames).join(", ");
  return more > 0 ? `${shown} and ${counted(more)} more` : shown;
}

function next({ next: steps, verdict }: Report): Element {
  const list =
    steps.length === 0
      ? el("p", {}, verdict === "match" ? "Nothing to do." : "Nothing further is known.")
      : el("ol", {}, ...steps.map((step) => el("li", {}, ...stepWords(step))));
  return el("article", { class: "card next" }, el("h2", {}, "What to do next"), list);
}

/** A step ends in a command that somebody copies. */
function stepWords(step: string): readonly (Element | string)[] {
  const at = step.indexOf(": inference-gate ");
  return at === -1 ? [step] : [step.slice(0, at + 2), el("code", {}, step.slice(at + 2))];
}
