/** The first line and the facts under it: verdict, what it means, exit code, what ran. */
import { displayWidth, wrap } from "../escape/columns.ts";
import type { Report } from "../report.ts";
import { paint, type RenderOptions, type Tone } from "./paint.ts";
import { counted, duration, labelled, plural } from "./rows.ts";

export interface Headline {
  readonly tone: Tone;
  readonly word: string;
  readonly meaning: string;
}

/** Such as `✗ DRIFT  3 of 20 cases differ from their goldens      exit 1`. */
export function headline(report: Report, options: RenderOptions): readonly string[] {
  const { tone, word, meaning } = headlineOf(report);
  const exit = `exit ${report.exitCode}`;
  const first = `${tone === "good" ? "✓" : "✗"} ${word}`;
  const room = options.width - displayWidth(first) - exit.length - 4;
  const rows = wrap(meaning, Math.max(20, room));
  const gap = " ".repeat(Math.max(2, room - displayWidth(rows[0] ?? "") + 2));
  const indent = " ".repeat(displayWidth(first) + 2);
  return [
    `${paint(tone, first, options)}  ${paint("heading", rows[0] ?? "", options)}${gap}${exit}`,
    ...rows.slice(1).map((row) => indent + paint("heading", row, options)),
  ];
}

/** What the verdict means, such as `3 of 20 cases differ from their goldens`. */
export const runInWords = (report: Report): string => headlineOf(report).meaning;

/** What ran, on what, and how much of each verdict. */
export function runFacts(report: Report, { width }: RenderOptions): readonly string[] {
  return labelled(2, factRows(report), width);
}

/** What ran, on what, and how much of each verdict; null where there is nothing to tell. */
export function factRows(report: Report): readonly (readonly [label: string, text: string | null])[] {
  const { suite } = report;
  const engine = [suite?.engine ?? null, suite?.model ?? null, suite?.runtime ?? null, report.hardwareClass];
  return [
    ["suite", suite === null ? null : `${suite.name} (${suite.path})`],
    ["engine", suite === null ? null : engine.filter((part) => part !== null).join(" · ")],
    ["goldens", goldens(report)],
    ["cases", report.counts.cases + report.counts.obsolete === 0 ? null : caseCounts(report)],
    ["tokens", tokens(report)],
  ];
}

/** The verdict in one word and in one sentence. */
export function headlineOf(report: Report): Headline {
  if (report.command === "record" && report.verdict === "match") return recorded(report);
  const words = {
    match: { tone: "good", word: "MATCH" },
    drift: { tone: "bad", word: "DRIFT" },
    usage: { tone: "bad", word: "USAGE" },
    error: { tone: "bad", word: "ERROR" },
    unstable: { tone: "warn", word: "UNSTABLE" },
    "environment-changed": { tone: "warn", word: "ENVIRONMENT CHANGED" },
  } as const satisfies Record<Report["verdict"], Omit<Headline, "meaning">>;
  return { ...words[report.verdict], meaning: meaningOf(report) };
}

function recorded({ record, counts }: Report): Headline {
  const written = record?.written.length ?? counts.match;
  const rest = [
    ...(record === null || record.kept.length === 0 ? [] : [`${counted(record.kept.length)} kept`]),
    ...(record === null || record.removed.length === 0 ? [] : [`${counted(record.removed.length)} removed`]),
  ];
  return written === 0 && (record?.removed.length ?? 0) === 0
    ? { tone: "good", word: "NOTHING TO RECORD", meaning: [...rest, "every case has its golden"].join(", ") }
    : { tone: "good", word: "RECORDED", meaning: [`${plural(written, "golden")} written`, ...rest].join(", ") };
}

function meaningOf(report: Report): string {
  const { counts, problems } = report;
  const differing = `${counted(counts.drift)} of ${plural(counts.cases, "case")} ${counts.drift === 1 ? "differs" : "differ"}`;
  switch (report.verdict) {
    case "match":
      return counts.close === 0
        ? `${counts.cases === 1 ? "the one case equals its golden" : `all ${counted(counts.cases)} cases equal their goldens`}`
        : `${plural(counts.cases, "case")}: ${counted(counts.match)} equal, ${counted(counts.close)} within tolerance`;
    case "drift":
      return `${differing} from ${counts.drift === 1 ? "its golden" : "their goldens"}`;
    case "usage":
      return `${plural(problems.length, "mistake")} to mend, nothing ran`;
    case "error":
      return incomplete(report);
    case "unstable":
      return report.command === "record"
        ? `${counted(counts.unstable)} of ${plural(counts.cases, "case")} not recorded: repeats disagree`
        : `the engine disagrees with itself in ${counted(counts.unstable)} of ${plural(counts.cases, "case")}`;
    case "environment-changed":
      return `${changesOf(report)}; ${counts.drift === 0 ? "no case differs" : differing}`;
  }
}

function changesOf({ environment, cases }: Report): string {
  const breaking = environment.changes.filter((change) => change.weight === "breaking").length;
  const asked = cases.filter((item) => item.contractChanges.length > 0).length;
  const measured = `${plural(breaking, "change")} since the recording`;
  if (asked + environment.contractChanges.length === 0) return measured;
  if (breaking > 0) return `${measured}, and the suite asks otherwise`;
  const where = environment.contractChanges.length > 0 ? "" : ` in ${plural(asked, "case")}`;
  return `the suite asks otherwise${where} than when the goldens were recorded`;
}

function incomplete({ counts, problems, command }: Report): string {
  const cases = (number: number) => `${counted(number)} of ${plural(counts.cases, "case")}`;
  const parts = [
    ...(counts.error > 0 ? [`${cases(counts.error)} could not run`] : []),
    ...(counts.missing > 0 ? [`${cases(counts.missing)} ${counts.missing === 1 ? "has" : "have"} no golden`] : []),
    ...(counts.obsolete > 0
      ? [`${plural(counts.obsolete, "golden")} ${counts.obsolete === 1 ? "has" : "have"} no case`]
      : []),
  ];
  if (parts.length > 0) return parts.join(", ");
  const run = command === "record" ? "recording" : "check";
  if (counts.cases > 0) return `the ${run} could not be completed`;
  return problems.length > 0 ? `the ${run} could not run` : "no case was run, so there is no verdict";
}

function goldens({ generation, record }: Report): string | null {
  if (record !== null && record.reason !== "") {
    return `${generation === null ? "" : `generation ${generation}, `}mode ${record.mode}: ${record.reason}`;
  }
  return generation === null ? null : `generation ${generation}`;
}

function caseCounts({ counts, command, record }: Report): string {
  const { cases: _, ...verdicts } = counts;
  const agreed = (record?.written.length ?? 0) > 0 ? "recorded" : "agreed";
  const word = (verdict: string) => (command === "record" && verdict === "match" ? agreed : verdict);
  return Object.entries(verdicts)
    .filter(([, number]) => number > 0)
    .map(([verdict, number]) => `${counted(number)} ${word(verdict)}`)
    .join(" · ");
}

function tokens({ tokens: { generated, saved, reused, perSecond }, durationMs, hardwareClass }: Report): string | null {
  if (generated + reused === 0) return hardwareClass === null ? null : `none, in ${duration(durationMs)}`;
  return [
    `${counted(generated)} in ${duration(durationMs)}`,
    ...(perSecond === null ? [] : [`${perSecond.toFixed(perSecond < 10 ? 1 : 0)} a second`]),
    ...(saved === 0 ? [] : [`${counted(saved)} saved by stopping at the split`]),
    ...(reused === 0 ? [] : [`${counted(reused)} reused`]),
  ].join(", ");
}
