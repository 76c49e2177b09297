/** What there is to know of one case: what is asked, what was recorded, where it could flip, and how the last run went. */
import { goldenStore } from "../goldens/golden-store.ts";
import type { Case, Prompt } from "../model/case.ts";
import type { Golden } from "../model/golden.ts";
import type { Lock } from "../model/lock.ts";
import { terminalText } from "../report/escape/terminal-text.ts";
import { parseReport } from "../report/parse-report.ts";
import type { Report } from "../report/report.ts";
import { loadLock, lockPathOf } from "../suite/load-lock.ts";
import { loadSuite } from "../suite/load-suite.ts";
import type { Explanation } from "./explain.ts";
import { nearTies } from "./near-ties.ts";
import { lastReportPath } from "./work-folder.ts";
import type { Workbench } from "./workbench.ts";

/** Characters of a prompt or an answer that are shown. */
const previewLength = 160;
/** Near ties that are listed. */
const tieCount = 5;

/** Null when the suite has no such case. Throws GateError when suite, lock or golden cannot be read. */
export async function explainCase(
  id: string,
  suitePath: string,
  bench: Pick<Workbench, "files" | "engines">,
): Promise<Explanation | null> {
  if (!(await bench.files.exists(suitePath))) return null;
  const suite = await loadSuite(suitePath, bench.files, (engine) => bench.engines[engine].sampling);
  const item = suite.cases.find((one) => one.id === id);
  if (item === undefined) return null;
  const lock = await loadLock(lockPathOf(suite.path), bench.files);
  const recorded = lock === null ? [] : await recordedLines(item, lock, suite.folder, bench);
  const lines = [...caseLines(item), "", ...(recorded.length === 0 ? ["Recorded: never"] : recorded)];
  return { kind: "case", lines, lastRun: await lastRunOf(id, suite.path, bench) };
}

function caseLines(item: Case): readonly string[] {
  const { params, extra, given } = item.sampling;
  const sampling = [
    ...given.map((name) => `${name} ${JSON.stringify(params[name])}`),
    ...Object.entries(extra).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
  ];
  const { file, line, column } = item.source;
  return [
    `Case      ${item.id}`,
    `Written   ${terminalText(file)}${line === null ? "" : `:${line}:${column ?? 1}`}`,
    `Prompt    ${promptPreview(item.prompt)}`,
    `Sampling  ${terminalText(sampling.join(", "))}; every other field is neutral and sent explicitly`,
    `Compared  on tier ${item.compare.tier}`,
  ];
}

function promptPreview(prompt: Prompt): string {
  if (prompt.kind === "tokens") return `${prompt.tokenIds.length} token ids`;
  if (prompt.kind === "text") return preview(prompt.text);
  return prompt.messages.map((message) => `${terminalText(message.role)}: ${preview(message.content)}`).join(" | ");
}

const preview = (text: string) => terminalText(text.length > previewLength ? `${text.slice(0, previewLength)}…` : text);

async function recordedLines(
  item: Case,
  lock: Lock,
  folder: string,
  bench: Pick<Workbench, "files">,
): Promise<readonly string[]> {
  const store = goldenStore(folder, bench.files);
  const lines: string[] = [];
  for (const [hardwareClass, locked] of lock.classes) {
    const entry = locked.goldens.get(item.id);
    if (entry === undefined) continue;
    const golden = await store.read(hardwareClass, item.id, entry);
    const generation = locked.generations.find((one) => one.generation === entry.generation);
    lines.push(
      `Recorded  on ${hardwareClass}, generation ${entry.generation}` +
        (generation === undefined ? "" : `, ${generation.recordedAt}: ${terminalText(generation.reason)}`),
      ...goldenLines(golden),
    );
  }
  return lines;
}

function goldenLines(golden: Golden): readonly string[] {
  const { launches, perLaunch, agreed } = golden.repeats;
  const repeats = `  repeats    ${launches} launches × ${perLaunch}, all agreed on ${agreed}`;
  if (golden.content.kind === "redacted") {
    const { tokenCount, finishReason } = golden.content.completion;
    return [`  answer     redacted, ${tokenCount ?? "unknown"} tokens, finish reason ${finishReason}`, repeats];
  }
  const { completion } = golden.content;
  const length =
    completion.tokenIds === null ? `${completion.text.length} characters` : `${completion.tokenIds.length} tokens`;
  const ties = nearTies(completion, tieCount).map(
    ({ index, margin, text }) =>
      `    token ${index}, margin ${margin.toFixed(4)} nats${text === "" ? "" : `: ${preview(text)}`}`,
  );
  return [
    `  answer     ${length}, finish reason ${completion.finishReason}`,
    `  begins     ${preview(completion.text)}`,
    repeats,
    ...(ties.length === 0 ? [] : ["  nearest to another token (a small numeric change flips these first):", ...ties]),
  ];
}

/** The last report, cut down to this case; null when there is none or it does not know the case. */
async function lastRunOf(id: string, suitePath: string, bench: Pick<Workbench, "files">): Promise<Report | null> {
  const path = lastReportPath(suitePath);
  const text = await bench.files.readText(path);
  if (text === null) return null;
  const report = parseReport(text, path);
  const cases = report.cases.filter((one) => one.id === id);
  return cases.length === 0 ? null : { ...report, cases };
}
