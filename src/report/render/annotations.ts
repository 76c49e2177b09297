/** The report as annotations within GitHub's budget: at the golden's line where the text splits, most important first, the rest counted. */
import { causeName } from "../cause-name.ts";
import { changeGroups } from "../change-groups.ts";
import { cutEnd } from "../escape/columns.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { CaseReport, Report } from "../report.ts";
import { hasTexts, nothingLeft, sideText } from "./divergence-sides.ts";
import { divergenceInWords } from "./divergence-words.ts";
import { headingOf, valueText } from "./environment-section.ts";
import { headlineOf } from "./headline.ts";
import { casesToSee } from "./markdown/case-rows.ts";
import { counted, plural } from "./rows.ts";

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  /** May have several lines; at most 4096 characters. Hostile text of a model is in it, without controls. */
  readonly message: string;
  /** As in the report; null when no file is meant. */
  readonly file: string | null;
  /** 1-based; null for a file as a whole. */
  readonly line: number | null;
}

/** GitHub shows ten of a level for all steps of a composite action; one error is left for the runner's own. */
const mostOfLevel = { error: 9, warning: 10, notice: 10 } as const;
const longestMessage = 4096;
const longestTitle = 200;
const longestLine = 400;
const longestSide = 300;
const mostChanges = 8;

/** How many annotations of each level there may be. */
export type MostOfLevel = { readonly [level in Annotation["level"]]: number };

/** `most`: for annotations in the log where it is not given. `fails`: whether the job fails for this verdict; when it does not, what would be errors are warnings. */
export function renderAnnotations(
  report: Report,
  { fails, most = mostOfLevel }: { readonly fails: boolean; readonly most?: MostOfLevel },
): readonly Annotation[] {
  const items = casesToSee(report);
  // Made only when they are shown: a report may have thousands of cases.
  const grave = [
    ...report.problems.map((problem) => () => problemAnnotation(problem)),
    ...environmentAnnotation(report).map((draft) => () => draft),
    ...items
      .filter(({ verdict }) => verdict !== "close" && verdict !== "match")
      .map((item) => () => caseAnnotation(item, report)),
    ...items.filter(({ verdict }) => verdict === "match").map((item) => () => askedOtherwise(item)),
  ];
  const remarks = [...closeAnnotation(items), ...notedAnnotation(report)].map((draft) => () => draft);
  const warnings = report.warnings.map((warning) => () => problemAnnotation(warning));
  const told = fails
    ? [...within("error", grave, most), ...within("warning", warnings, most)]
    : within("warning", [...warnings, ...grave], most);
  return [...told, ...within("notice", remarks, most)];
}

type Draft = Omit<Annotation, "level">;

/** Cut to what GitHub takes; the last one counts what was left out. */
function within(
  level: Annotation["level"],
  drafts: readonly (() => Draft)[],
  mostOf: MostOfLevel,
): readonly Annotation[] {
  const most = mostOf[level];
  const shown = drafts.length <= most ? drafts : drafts.slice(0, most - 1);
  const more = drafts.length - shown.length;
  const rest: readonly Draft[] =
    more === 0
      ? []
      : [
          {
            title: `${counted(more)} more`,
            message: `Only so many annotations are shown: ${counted(more)} more are in report.json, and in the summary as far as it has room.`,
            file: null,
            line: null,
          },
        ];
  return [...shown.map((make) => make()), ...rest].map((draft) => ({
    ...draft,
    level,
    title: cutEnd(terminalText(draft.title), longestTitle),
    message: cutTo(draft.message, longestMessage),
  }));
}

function problemAnnotation(problem: Report["problems"][number], item: CaseReport | null = null): Draft {
  const { code, title, location, found, expected, help } = problem;
  const place = location ?? item?.source ?? null;
  return {
    title: `inference-gate: ${code}`,
    message: lines([
      title,
      found === null ? null : `found: ${found}`,
      expected === null ? null : `expected: ${expected}`,
      ...help.map((step) => `→ ${step}`),
    ]),
    file: place?.file ?? null,
    line: place?.line ?? null,
  };
}

function environmentAnnotation(report: Report): readonly Draft[] {
  if (report.verdict !== "environment-changed") return [];
  const { changes, contractChanges } = report.environment;
  const breaking = changeGroups(changes, { breaking: Number.POSITIVE_INFINITY, noted: 0 }).flatMap(
    ({ shown }) => shown,
  );
  const all = [
    ...contractChanges,
    ...breaking.map(({ label, before, after }) => `${label}: ${valueText(before)} → ${valueText(after)}`),
  ];
  if (all.length === 0) return [];
  const more = all.length - mostChanges;
  return [
    {
      title: `inference-gate: ${headlineOf(report).word.toLowerCase()}`,
      message: lines([
        `${headlineOf(report).meaning}.`,
        ...all.slice(0, mostChanges),
        more > 0 ? `… ${plural(more, "more change")}` : null,
        ...report.next,
      ]),
      file: report.suite?.path ?? null,
      line: null,
    },
  ];
}

function caseAnnotation(item: CaseReport, report: Report): Draft {
  const { divergence, problems } = item;
  const [problem] = problems;
  if (divergence === null && problem !== undefined) return problemAnnotation(problem, item);
  const place = item.golden ?? item.source;
  return {
    title: `inference-gate: ${item.verdict} in ${item.id}`,
    message: lines([
      divergence === null ? item.verdict : `${item.id} differs ${divergenceInWords(item, divergence)}.`,
      ...(divergence === null || !hasTexts(divergence)
        ? []
        : [
            `expected: ${side(sideText(divergence, divergence.expected))}`,
            `actual: ${side(sideText(divergence, divergence.actual))}`,
          ]),
      ...causeOf(item, report),
      ...item.contractChanges.map((change) => `asked otherwise: ${change}`),
      problem === undefined ? null : problem.title,
      `More: inference-gate explain ${item.id}`,
    ]),
    file: place?.file ?? null,
    line: place?.line ?? null,
  };
}

function causeOf({ id }: CaseReport, report: Report): readonly string[] {
  const found = report.diagnoses.find(({ cases }) => cases.includes(id));
  return found === undefined
    ? []
    : [`${headingOf(found.cause, 0)}: ${causeName(found.cause, report)}. ${found.sentence}`];
}

function askedOtherwise({ id, contractChanges, source }: CaseReport): Draft {
  return {
    title: `inference-gate: ${id} is asked otherwise than recorded`,
    message: lines(contractChanges),
    file: source?.file ?? null,
    line: source?.line ?? null,
  };
}

function closeAnnotation(items: readonly CaseReport[]): readonly Draft[] {
  const close = items.filter(({ verdict }) => verdict === "close");
  if (close.length === 0) return [];
  const ids = close.slice(0, mostChanges).map(({ id }) => id);
  const more = close.length - ids.length;
  return [
    {
      title: `inference-gate: ${plural(close.length, "case")} within tolerance`,
      message: lines([ids.join(", ") + (more > 0 ? ` and ${counted(more)} more` : "")]),
      file: null,
      line: null,
    },
  ];
}

function notedAnnotation({ environment }: Report): readonly Draft[] {
  const noted = environment.changes.filter(({ weight }) => weight === "noted");
  if (noted.length === 0) return [];
  const more = noted.length - mostChanges;
  return [
    {
      title: "inference-gate: noted changes of the environment",
      message: lines([
        ...noted
          .slice(0, mostChanges)
          .map(({ label, before, after }) => `${label}: ${valueText(before)} → ${valueText(after)}`),
        more > 0 ? `… ${plural(more, "more change")}` : null,
      ]),
      file: null,
      line: null,
    },
  ];
}

const side = (text: string) => (text === "" ? nothingLeft : cutEnd(terminalText(text), longestSide));

/** One line each, without those that are not there. */
function lines(parts: readonly (string | null)[]): string {
  return parts.flatMap((part) => (part === null ? [] : [cutEnd(terminalText(part), longestLine)])).join("\n");
}

const cutTo = (text: string, characters: number) =>
  text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
