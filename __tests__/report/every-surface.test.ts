/** One corpus of hostile text over every surface that shows a report: wherever a text can come from outside, it stays text. */
import { describe, expect, test } from "@jest/globals";
import { stepLog } from "../../src/action/log.ts";
import type { ProgressEvent } from "../../src/model/progress.ts";
import { createProgress } from "../../src/progress/progress.ts";
import { statusLine } from "../../src/progress/progress-lines.ts";
import { nothingYet, progressAfter } from "../../src/progress/progress-state.ts";
import { noDetail } from "../../src/report/detail.ts";
import { terminalLines, terminalText } from "../../src/report/escape/terminal-text.ts";
import { workflowCommand } from "../../src/report/escape/workflow-command.ts";
import { renderHtml } from "../../src/report/html/page.ts";
import { acceptQuestion } from "../../src/report/render/accept-question.ts";
import { renderAnnotations } from "../../src/report/render/annotations.ts";
import { checkRunName, renderCheckRun } from "../../src/report/render/check-run.ts";
import { renderCloseUp } from "../../src/report/render/close-up.ts";
import { renderComment } from "../../src/report/render/comment.ts";
import { reportText } from "../../src/report/render/json.ts";
import { renderJUnit } from "../../src/report/render/junit.ts";
import { renderSarif } from "../../src/report/render/sarif.ts";
import { renderPredicate, renderStatement } from "../../src/report/render/statement.ts";
import { renderStepSummary } from "../../src/report/render/step-summary.ts";
import { renderProblems, renderReport } from "../../src/report/render/terminal.ts";
import type { Report } from "../../src/report/report.ts";
import { injections, withEveryText } from "./hostile-report.ts";
import { pageOf } from "./rendered-page.ts";
import { drifting, side, splitAt } from "./sample-parts.ts";
import { reportNamed, sampleNames } from "./sample-reports.ts";

const look = { color: "none", width: 100, limit: 10 } as const;
const places = { artifact: "kept", outcome: "fails", runUrl: "https://github.com/team/model/actions/runs/17" } as const;
const about = { key: "gate/suite", commit: "0a1b2c3d".repeat(5), turn: "again" } as const;

interface Surface {
  readonly name: string;
  /** Null when there is nothing to show of such a report. `text`: what is said in places that no report holds. */
  readonly show: (report: Report, text: string) => string | null;
}

/** What is printed on a terminal or into a log that a runner reads. */
const printed: readonly Surface[] = [
  { name: "the report on a terminal", show: (report) => renderReport(report, look) },
  { name: "problems on a terminal", show: ({ problems }) => renderProblems(problems, look) },
  { name: "a split from near", show: (report) => renderCloseUp(report, look) },
  { name: "the question of accept", show: (_, text) => acceptQuestion(questionOf(text), look) },
  { name: "the question of accept, of lines", show: (_, text) => acceptQuestion(questionOf(`one\n${text}\n`), look) },
  { name: "JSON", show: reportText },
  { name: "SARIF", show: renderSarif },
  { name: "the statement", show: (report, text) => renderStatement(withDigests(report), text) },
  { name: "the predicate", show: (report, text) => renderPredicate(withDigests(report), text) },
  { name: "JUnit XML", show: renderJUnit },
  { name: "progress in a log", show: (_, text) => progressLog(text) },
  {
    name: "progress on a terminal",
    show: (_, text) =>
      eventsOf(text)
        .map((event) => statusLine(progressAfter(nothingYet, event, 0), 1000, 200))
        .join("\n"),
  },
  { name: "the engine's log in the action's", show: (_, text) => actionLog(text) },
];

/** What GitHub renders. */
const rendered: readonly Surface[] = [
  { name: "the step summary", show: (report) => renderStepSummary(report, { ...places, budgetBytes: 900_000 }) },
  { name: "the check run", show: (report) => renderCheckRun(report, places).summary },
  { name: "the comment", show: (report, text) => renderComment(report, { ...places, ...about, label: text }) },
];

function questionOf(text: string) {
  const item = drifting("case", 1, splitAt(1, { before: text, expected: side(text), actual: side(`${text}!`) }));
  if (item.comparison === null) throw new Error("no comparison");
  return { caseId: text, number: 1, of: 2, comparison: item.comparison, before: text, after: `${text}!` };
}

const eventsOf = (text: string): readonly ProgressEvent[] => [
  { kind: "note", text },
  { kind: "waiting", what: text },
  { kind: "downloading", what: text, doneBytes: 1, totalBytes: 2 },
  { kind: "launching", engine: text, launch: 1, launches: 1 },
  { kind: "engine-log", line: text },
  { kind: "case-started", caseId: text, maxTokens: 9 },
  { kind: "case-finished", caseId: text, verdict: "drift", tokens: 3 },
  { kind: "defect", error: new Error(text) },
];

function progressLog(text: string): string {
  let written = "";
  const write = (more: string) => {
    written += more;
  };
  const look = { kind: "log", width: 100 } as const;
  const progress = createProgress({ write, look, now: () => 0, every: () => () => {}, defects: "shown" });
  for (const event of eventsOf(text)) progress.report(event);
  progress.finish();
  return written;
}

/** Without the two commands that are ours. */
function actionLog(text: string): string {
  let written = "";
  const log = stepLog((more) => {
    written += more;
  }, []);
  log.engineLine(text);
  log.showEngineLog();
  return written.replace(/^::group::Log of the engine \(1 line\)$|^::endgroup::$/gm, "");
}

function withDigests(report: Report): Report {
  const digest = `sha256:${"a".repeat(64)}`;
  const lock = { file: report.suite?.path ?? "suite.lock.yml", digest };
  return { ...report, digests: { contract: digest, goldens: digest, lock } };
}

/** Samples that have every section between them: rendering takes time. */
const telling = [
  ...["drift-one-case", "drift-other-kinds", "drift-redacted", "unstable", "missing-and-obsolete", "record-ok"],
  ...["environment-changed-with-drift", "contract-of-a-case-changed", "goldens-changed-in-the-change"],
  ...["error-engine-did-not-start", "usage", "match-with-close"],
];
/** For names of tests that can be seen. */
const named = injections.map((text): readonly [string, string] => [JSON.stringify(terminalText(text)), text]);
const hostile = (name: string, text: string) => withEveryText(reportNamed(name), text);
/** Controls, bidirectional and zero-width characters, lone surrogates. */
const unseen = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/u;
/** What a runner obeys: `::name::` at the start of a line, and `##[name]` anywhere. */
const commands = /^\s*::|##\w*\[/m;

describe.each(printed)("$name", ({ show }) => {
  test.each(named)("commands nobody and hides nothing: %s", (_, text) => {
    for (const name of sampleNames) {
      const shown = show(hostile(name, text), text) ?? "";
      expect(shown).not.toMatch(unseen);
      expect(shown).not.toMatch(commands);
    }
  });
});

describe.each(rendered)("$name", ({ show }) => {
  const shapeOf = (markdown: string | null) =>
    pageOf(markdown ?? "").elements.filter((element) => element !== "strong" && element !== "em");
  const plainShapes = new Map(telling.map((name) => [name, shapeOf(show(hostile(name, "x"), "x"))]));

  test.each(named)("has no other elements, no mention and no link: %s", (_, text) => {
    for (const name of telling) {
      const shown = show(hostile(name, text), text);
      expect(shapeOf(shown)).toEqual(plainShapes.get(name));
      for (const piece of pageOf(shown ?? "").prose) {
        expect(piece).not.toMatch(/@\w|#\d|\bGH-\d|https?:\/\/|\bwww\./i);
      }
      expect(shown ?? "").not.toMatch(unseen);
    }
  });
});

describe("an annotation", () => {
  /** As actions/runner reads a line and takes the escapes back. */
  const messageOf = (line: string) =>
    (/^::\w+ ?[^:]*(?:::)([^\n]*)$/.exec(line)?.[1] ?? "")
      .replaceAll("%0A", "\n")
      .replaceAll("%0D", "\r")
      .replaceAll("%25", "%");

  test.each(named)("is one command with its own message: %s", (_, text) => {
    for (const name of telling) {
      for (const { level, title, message, file, line } of renderAnnotations(hostile(name, text), { fails: true })) {
        const command = workflowCommand({ name: level, properties: { file, line, title }, message });
        expect(command.split("\n")).toHaveLength(1);
        expect(command).not.toMatch(unseen);
        expect(command.startsWith(`::${level}`)).toBe(true);
        expect(messageOf(command)).toBe(terminalLines(message).join("\n"));
      }
    }
  });

  test.each(named)("of a check run has a name and a title on one line: %s", (_, text) => {
    const { title, annotations } = renderCheckRun(hostile("drift-one-case", text), places);
    for (const one of [checkRunName(text, text), title, ...annotations.map((annotation) => annotation.title)]) {
      expect(one).not.toMatch(unseen);
      expect(one).not.toMatch(/\n/);
    }
  });
});

describe("the HTML page", () => {
  const tags = (html: string) => (html.match(/<[^\s]/g) ?? []).length;
  const pageWith = (name: string, text: string) =>
    renderHtml(hostile(name, text), { ...noDetail, provenance: [{ label: text, value: text }] });
  const plain = new Map(telling.map((name) => [name, tags(pageWith(name, "x"))]));

  test.each(named)("has no other elements: %s", (_, text) => {
    for (const name of telling) expect(tags(pageWith(name, text))).toBe(plain.get(name));
  });
});
