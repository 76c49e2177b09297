/** The report as SARIF 2.1.0, for code scanning and for viewers: one result a case that is no match, at the line of its golden. */
import type { Cause } from "../../model/diagnosis.ts";
import { causeName } from "../cause-name.ts";
import { jsonText } from "../escape/json-text.ts";
import { sarifText, sarifUri } from "../escape/sarif-text.ts";
import { visibleText } from "../escape/terminal-text.ts";
import type { CaseReport, Report } from "../report.ts";
import { caseInWords } from "./case-in-words.ts";
import { runInWords } from "./headline.ts";
import { type SarifRuleId, sarifRules } from "./sarif-rules.ts";

type Location = CaseReport["source"];
type Problem = Report["problems"][number];
type Verdict = Exclude<CaseReport["verdict"], "match" | "close">;

/** GitHub refuses a run with more results (docs.github.com, "SARIF results exceed limit"). */
const mostResults = 25_000;

/** Indented JSON, ending in a line feed. Results are ordered by weight, so that a viewer that cuts loses the least. */
export function renderSarif(report: Report): string {
  const results = [...runResults(report), ...caseResults(report)];
  const shown = results.slice(0, mostResults);
  const suite = report.suite?.name ?? "suite";
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { ...toolOf(report), rules: sarifRules.map(ruleObject) } },
        automationDetails: { id: `inference-gate/${visibleText(suite)}/${report.hardwareClass ?? "any"}/` },
        columnKind: "utf16CodeUnits",
        invocations: [invocation(report, results.length - shown.length)],
        results: shown,
        properties: { verdict: report.verdict, generation: report.generation, counts: report.counts },
      },
    ],
  };
  return jsonText(log);
}

/** `inference-gate 0.1.0` in its two parts. */
function toolOf({ tool }: Report) {
  const [, name = tool, version] = /^(.*) (\d+\.\d+\.\d+\S*)$/.exec(tool) ?? [];
  return { name, ...(version === undefined ? {} : { version, semanticVersion: version }) };
}

const ruleObject = ({ id, short, help }: (typeof sarifRules)[number]) => ({
  id,
  name: id.replace(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase()),
  shortDescription: { text: short },
  fullDescription: { text: `${short}.` },
  help: { text: help.replaceAll("`", ""), markdown: help },
  defaultConfiguration: { level: "error" },
});

function invocation(report: Report, cut: number) {
  const ended = new Date(Date.parse(report.startedAt) + report.durationMs);
  const toldElsewhere = cut === 0 ? [] : [`${cut} further results are in the JSON report only.`];
  return {
    executionSuccessful: report.verdict !== "error" && report.verdict !== "usage",
    exitCode: report.exitCode,
    startTimeUtc: report.startedAt,
    endTimeUtc: ended.toISOString(),
    toolExecutionNotifications: [
      ...report.problems.map((problem) => ({
        level: "error",
        descriptor: { id: problem.code },
        message: { text: problemText(problem) },
        ...(problem.location === null ? {} : { locations: [location(problem.location)] }),
      })),
      ...report.warnings.map((warning) => ({
        level: "warning",
        descriptor: { id: warning.code },
        message: { text: problemText(warning) },
      })),
      ...toldElsewhere.map((text) => ({ level: "warning", message: { text } })),
    ],
  };
}

/** Of the run itself: its problems, and a changed environment. */
function runResults(report: Report): readonly object[] {
  const suite: Location = { file: report.suite?.path ?? "inference-gate/suite.yml", line: null, column: null };
  const problems = report.problems.map((problem) =>
    result(problem.verdict, problemText(problem), [problem.location ?? suite], { case: problem.code }, {}),
  );
  if (report.verdict === "environment-changed") {
    const { changes, contractChanges } = report.environment;
    const breaking = changes.filter(({ weight }) => weight === "breaking");
    const told = [
      ...contractChanges,
      ...breaking.map(({ label, before, after }) => `${label}: ${before ?? "absent"} → ${after ?? "absent"}`),
    ];
    const text = sarifText(`${sentence(runInWords(report))} ${told.join("; ")}`.trim());
    return [...problems, result("environment-changed", text, [suite], { case: "(run)" }, {})];
  }
  const isTold = problems.length > 0 || report.cases.some((item) => item.verdict !== "match");
  if (report.verdict !== "error" || isTold) return problems;
  return [result("error", sarifText(sentence(runInWords(report))), [suite], { case: "(run)" }, {})];
}

const order: readonly Verdict[] = ["error", "drift", "unstable", "missing", "obsolete"];

function caseResults(report: Report): readonly object[] {
  return order.flatMap((verdict) =>
    report.cases.filter((item) => item.verdict === verdict).map((item) => caseResult(report, item, verdict)),
  );
}

function caseResult(report: Report, item: CaseReport, verdict: Verdict): object {
  const diagnosis = report.diagnoses.find(({ cases }) => cases.includes(item.id));
  const cause: Cause = diagnosis?.cause ?? "unknown";
  const likely =
    diagnosis === undefined ? "" : ` Likely cause: ${causeName(diagnosis.cause, report)}. ${diagnosis.sentence}`;
  const text = sarifText(`Case ${item.id} ${sentence(caseInWords(item))}${likely}`);
  const places = [item.golden?.line == null ? null : item.golden, item.source, item.golden];
  const { divergence, logprobDrift } = item;
  return result(
    verdict === "drift" ? `drift/${cause}` : verdict,
    text,
    places.filter((place) => place !== null),
    { case: item.id, class: report.hardwareClass ?? "any" },
    {
      verdict,
      tier: item.tier,
      ...(divergence === null ? {} : { tokenIndex: divergence.tokenIndex, textLine: divergence.textLine }),
      ...(logprobDrift === null ? {} : { maxLogprobDelta: logprobDrift.maxAbs }),
    },
  );
}

/** `places` begins with the one to point at; a second one is where the case is written. */
function result(
  ruleId: SarifRuleId,
  text: string,
  places: readonly NonNullable<Location>[],
  identity: { readonly case: string; readonly class?: string },
  properties: object,
): object {
  const [first, second] = places;
  return {
    ruleId,
    ruleIndex: sarifRules.findIndex(({ id }) => id === ruleId),
    level: "error",
    message: { text },
    locations: first === undefined ? [] : [location(first)],
    ...(second === undefined || second.file === first?.file
      ? {}
      : { relatedLocations: [{ id: 1, message: { text: "Where the case is written." }, ...location(second) }] }),
    partialFingerprints: { "inferenceGateCase/v1": `${ruleId}:${identity.case}:${identity.class ?? ""}` },
    properties,
  };
}

function location({ file, line, column }: NonNullable<Location>) {
  const artifactLocation = { uri: sarifUri(file), ...(file.startsWith("/") ? {} : { uriBaseId: "%SRCROOT%" }) };
  const region = { startLine: line ?? 1, ...(line === null || column === null ? {} : { startColumn: column }) };
  return { physicalLocation: { artifactLocation, region } };
}

const problemText = ({ title, found, expected, code }: Problem) =>
  sarifText(
    `${sentence(title)}${found === null ? "" : ` Found: ${found}.`}${expected === null ? "" : ` Expected: ${expected}.`} (${code})`,
  );

/** With a full stop. */
const sentence = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);
