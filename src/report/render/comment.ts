/** The report as the one comment of a pull request: found again by a hidden marker, and the same text for the same findings. */
import { cutTo } from "../escape/cut-to.ts";
import { markdownText } from "../escape/markdown.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { Report } from "../report.ts";
import { goldenChangesInWords } from "./golden-changes.ts";
import { headlineOf } from "./headline.ts";
import { goldenChangesText } from "./markdown/golden-changes.ts";
import { warningsText } from "./markdown/problem-blocks.ts";
import { runPage } from "./markdown/run-link.ts";
import { renderStepSummary, type SummaryOptions } from "./step-summary.ts";

export interface CommentOptions extends Omit<SummaryOptions, "budgetBytes"> {
  /** Tells the comments of several jobs or suites apart. */
  readonly key: string;
  /** Tells a reader which job of a matrix speaks, such as `gpu-a, 2`; null outside of one. */
  readonly label: string | null;
  /** The commit that was judged; null when it is not known. */
  readonly commit: string | null;
  /** `first`: there is no comment yet; `again`: this one replaces what an earlier run said. */
  readonly turn: "first" | "again";
}

/** GitHub refuses a longer one; in characters, of which a text has at most as many as UTF-8 bytes. */
const commentLimit = 65_536;
const roomForRest = 1_000;
const longestLabel = 100;
const mostWarnings = 10;
const lastLine = "<sub>Judged";

/** The first line of every comment with that key, and of no other. */
export function commentMarker(key: string): string {
  // A comment of HTML ends at `--`; percent signs are all that is left of what could end it.
  return `<!-- inference-gate comment ${encodeURIComponent(key.slice(0, 200).replace(/\p{Cs}/gu, "\ufffd")).replaceAll("-", "%2D")} -->`;
}

/** Markdown, at most 65,536 characters; null when there is nothing to say: all is well, and nobody was told otherwise. */
export function renderComment(report: Report, options: CommentOptions): string | null {
  const isQuiet = report.verdict === "match" && goldenChangesInWords(report) === null && report.warnings.length === 0;
  if (isQuiet && options.turn === "first") return null;
  const text = report.verdict === "match" ? goodNews(report, options) : badNews(report, options);
  return `${commentMarker(options.key)}\n${text.trimEnd()}\n\n${judged(options)}\n`;
}

/** Whether two comments say the same of the findings; of which commit and run, does not count. */
export function isSameComment(one: string, other: string): boolean {
  return withoutLastLine(one) === withoutLastLine(other);
}

/** GitHub gives line ends back as it likes. */
function withoutLastLine(body: string): string {
  const text = body.replaceAll("\r\n", "\n").trimEnd();
  const at = text.lastIndexOf(`\n${lastLine}`);
  return (at === -1 ? text : text.slice(0, at)).trimEnd();
}

/** The step summary without its row of tokens and seconds and without the page of the run, which are others each time. */
function badNews(report: Report, options: CommentOptions): string {
  const budgetBytes = commentLimit - roomForRest;
  return renderStepSummary(lasting(report), { ...options, budgetBytes, runUrl: null }).replace(/^- tokens: .*\n/m, "");
}

function goodNews(report: Report, { turn }: CommentOptions): string {
  const { word, meaning } = headlineOf(report);
  const heading =
    turn === "again" ? `## ✅ Resolved: ${markdownText(meaning)}` : `## ✅ ${word}: ${markdownText(meaning)}`;
  const warnings = warningsText(report, mostWarnings);
  return [heading, "", ...warnings, ...(warnings.length === 0 ? [] : [""]), ...goldenChangesText(report)].join("\n");
}

function judged({ label, commit, runUrl, artifact }: CommentOptions): string {
  const of = commit === null ? "" : ` commit ${/^[0-9a-f]{7,64}$/.test(commit) ? commit.slice(0, 12) : "unknown"}`;
  const page = runPage(runUrl);
  const run = page === null ? "" : ` · [run](${page})${artifact === null ? "" : ` · [report](${page}#artifacts)`}`;
  const job = label === null ? "" : ` · ${markdownText(cutTo(terminalText(label), longestLabel))}`;
  return `${lastLine}${of}${job}${run}</sub>`;
}

/** Without what differs from run to run although the findings are the same: times, and paths of files that are named by them. */
function lasting(report: Report): Report {
  return {
    ...report,
    durationMs: 0,
    transcript: null,
    tokens: { generated: 0, saved: 0, reused: 0, perSecond: null },
    next: report.next.filter((step) => !step.includes("--resume")),
  };
}
