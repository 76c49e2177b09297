/** The report as JUnit XML, in the dialect that Jenkins' xUnit plugin accepts and most test views read. */
import { xmlText } from "../escape/xml-text.ts";
import type { CaseReport, Report } from "../report.ts";
import { caseInWords } from "./case-in-words.ts";
import { caseBlocks } from "./case-section.ts";
import { diagnosisSection, environmentSection } from "./environment-section.ts";
import { runInWords } from "./headline.ts";
import type { RenderOptions } from "./paint.ts";
import { problemBlocks } from "./problem-section.ts";

const plain: RenderOptions = { color: "none", width: 100, limit: 1000 };

type Outcome = "passed" | "failure" | "error";
const outcomes = {
  match: "passed",
  close: "passed",
  drift: "failure",
  unstable: "error",
  missing: "error",
  obsolete: "error",
  error: "error",
} as const satisfies Record<CaseReport["verdict"], Outcome>;

interface TestCase {
  readonly name: string;
  readonly location: CaseReport["source"];
  readonly outcome: Outcome;
  readonly type: string;
  readonly message: string;
  /** Not escaped yet. */
  readonly lines: readonly string[];
}

/** XML 1.0 in UTF-8, ending in a line feed. A run that is no match never shows as passed: what no case tells is a test case `(run)`. */
export function renderJUnit(report: Report): string {
  const cases = [...runCase(report), ...report.cases.map((item) => testCase(report, item))];
  const number = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  const seconds = (report.durationMs / 1000).toFixed(3);
  const counts = { tests: cases.length, failures: number("failure"), errors: number("error"), time: seconds };
  const name = report.suite?.name ?? "inference-gate";
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "inference-gate", ...counts })}>`,
    `  <testsuite${attributes({
      name,
      ...counts,
      skipped: 0,
      timestamp: report.startedAt.replace(/(?:\.\d+)?Z$/, ""),
      file: report.suite?.path ?? null,
    })}>`,
    "    <properties>",
    ...properties(report).map(([key, value]) => `      <property${attributes({ name: key, value })}/>`),
    "    </properties>",
    ...cases.flatMap((one) => caseElement(one, name)),
    "  </testsuite>",
    "</testsuites>",
  ].join("\n")}\n`;
}

function properties(report: Report): readonly (readonly [string, string])[] {
  const { suite, hardwareClass, generation } = report;
  const rows: readonly (readonly [string, string | null])[] = [
    ["tool", report.tool],
    ["command", report.command],
    ["verdict", report.verdict],
    ["exit code", String(report.exitCode)],
    ["engine", suite?.engine ?? null],
    ["model", suite?.model ?? null],
    ["runtime", suite?.runtime ?? null],
    ["hardware class", hardwareClass],
    ["generation", generation === null ? null : String(generation)],
  ];
  return rows.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
}

/** What no case tells: problems of the run, a changed environment, or that there was nothing to run. */
function runCase(report: Report): readonly TestCase[] {
  const isToldByCases = report.cases.some((item) => outcomes[item.verdict] !== "passed");
  if (report.verdict === "match" && report.problems.length === 0) return [];
  if (isToldByCases && report.problems.length === 0 && report.verdict !== "environment-changed") return [];
  const lines = [problemBlocks(report.problems, 0, plain), environmentSection(report, plain)];
  return [
    {
      name: "(run)",
      location: report.problems[0]?.location ?? null,
      outcome: report.verdict === "environment-changed" ? "failure" : "error",
      type: report.verdict,
      message: report.problems[0]?.title ?? runInWords(report),
      lines: lines.flat(),
    },
  ];
}

function testCase(report: Report, item: CaseReport): TestCase {
  const outcome = outcomes[item.verdict];
  const { verdict } = item;
  const about = { name: item.id, location: item.source ?? item.golden, outcome, type: verdict };
  const message = caseInWords(item);
  if (verdict === "match" || verdict === "close") return { ...about, message, lines: [] };
  const alone = { ...report, cases: [item] };
  const told =
    verdict === "missing" || verdict === "obsolete"
      ? problemBlocks(item.problems, 0, plain)
      : caseBlocks(alone, verdict, plain);
  const diagnoses = report.diagnoses.filter(({ cases }) => cases.includes(item.id));
  const causes = diagnosisSection({ ...report, diagnoses: diagnoses.map((one) => ({ ...one, cases: [] })) }, plain);
  return { ...about, message, lines: [...told, ...(causes.length === 0 ? [] : ["", ...causes])] };
}

function caseElement({ name, location, outcome, type, message, lines }: TestCase, suite: string): readonly string[] {
  const place = { file: location?.file ?? null, line: location?.line ?? null };
  const head = `    <testcase${attributes({ name, classname: suite, ...place })}`;
  if (outcome === "passed") return type === "match" ? [`${head}/>`] : closeElement(head, message);
  const body = lines.map(xmlText).join("\n");
  return [
    `${head}>`,
    `      <${outcome}${attributes({ type, message })}>${body === "" ? "" : `\n${body}\n      `}</${outcome}>`,
    "    </testcase>",
  ];
}

const closeElement = (head: string, message: string) => [
  `${head}>`,
  `      <system-out>${xmlText(message)}</system-out>`,
  "    </testcase>",
];

function attributes(values: { readonly [name: string]: string | number | null }): string {
  return Object.entries(values)
    .map(([name, value]) => (value === null ? "" : ` ${name}="${xmlText(String(value))}"`))
    .join("");
}
