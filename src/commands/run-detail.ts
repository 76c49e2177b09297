/** Gathers what a page shows beyond the report: goldens and the answers of the run, packed case by case so that memory stays flat. */
import { dirname, resolve } from "node:path";
import { nearTieNats } from "../diagnose/thresholds.ts";
import { goldenStore } from "../goldens/golden-store.ts";
import { parseCaseId } from "../model/case.ts";
import { parseHardwareClass } from "../model/fingerprint.ts";
import type { LockedClass } from "../model/lock.ts";
import { GateError } from "../model/problem.ts";
import { deflatedBase64 } from "../platform/deflate.ts";
import { type Answer, noDetail, type RunDetail } from "../report/detail.ts";
import { packCase } from "../report/html/pack-case.ts";
import type { CaseReport, Report } from "../report/report.ts";
import { loadLock, lockPathOf } from "../suite/load-lock.ts";
import { type ProvenanceOf, provenanceOf } from "./provenance.ts";
import { runAnswers } from "./run-answers.ts";
import type { Workbench } from "./workbench.ts";

/** Characters of a page that answers may take; the least telling cases are left out first. */
const mostCharacters = 64 * 1024 * 1024;

export interface DetailOptions {
  /** Where the suite is, for its lock and goldens. */
  readonly suitePath: string;
  /** Page of the run at a continuous-integration service; null where there is none. */
  readonly runUrl: string | null;
  /** Hides secrets in a text. An answer that holds one is left out: what is packed cannot be masked any more. */
  readonly mask: (text: string) => string;
}

/** What can no longer be read (a removed transcript, a changed golden) is left out: a page is shown in every case. */
export async function runDetail(
  report: Report,
  { suitePath, runUrl, mask }: DetailOptions,
  bench: Pick<Workbench, "files">,
): Promise<RunDetail> {
  const rows = (of: Pick<ProvenanceOf, "locked" | "lockPath">) =>
    provenanceOf(report, { ...of, runUrl }).map(({ label, value }) => ({ label, value: mask(value) }));
  if (report.suite === null) return { ...noDetail, provenance: rows({ locked: null, lockPath: null }) };
  const lockPath = lockPathOf(resolve(suitePath));
  const lock = await orNull(() => loadLock(lockPath, bench.files));
  const hardwareClass = parseHardwareClass(report.hardwareClass ?? "");
  const locked = hardwareClass === null ? null : (lock?.classes.get(hardwareClass) ?? null);
  const store = goldenStore(dirname(resolve(suitePath)), bench.files);

  const goldenOf = async (id: string): Promise<readonly Answer[]> => {
    const caseId = parseCaseId(id);
    const entry = caseId === null ? undefined : locked?.goldens.get(caseId);
    if (caseId === null || entry === undefined || hardwareClass === null) return [];
    const golden = await orNull(() => store.read(hardwareClass, caseId, entry));
    return golden === null ? [] : [{ of: "golden", content: golden.content }];
  };

  const packed = new Map<string, string>();
  const pack = async (id: string, ofRun: readonly Answer[]): Promise<void> => {
    const answers = [...(await goldenOf(id)), ...ofRun].filter((answer) => isShown(answer, mask));
    if (answers.length === 0) return;
    packed.set(id, deflatedBase64(packCase({ answers, contract: contractOf(locked, id) })));
  };

  const isTold = new Set(report.cases.map(({ id }) => id));
  const several = new Set(report.cases.filter(mayHaveSeveral).map(({ id }) => id));
  const kept = await runAnswers(report.transcript, {
    keep: (id) => several.has(id),
    pass: async (id, answer) => {
      if (isTold.has(id)) await pack(id, [answer]);
    },
    restart: () => packed.clear(),
  });
  for (const { id } of report.cases) if (!packed.has(id)) await pack(id, kept.get(id) ?? []);
  return { nearTieNats, provenance: rows({ locked, lockPath }), ...withinLimit(report.cases, packed) };
}

const isShown = ({ content }: Answer, mask: DetailOptions["mask"]) =>
  content.kind === "redacted" || mask(content.completion.text) === content.completion.text;

/** A case that differs was asked again; one that agrees with its golden has one answer worth showing. */
const mayHaveSeveral = ({ verdict }: CaseReport) => verdict !== "match" && verdict !== "close";

const contractOf = (locked: LockedClass | null, id: string): string | null => {
  const caseId = parseCaseId(id);
  return (caseId === null ? undefined : locked?.goldens.get(caseId)?.contract) ?? null;
};

function withinLimit(cases: readonly CaseReport[], packed: ReadonlyMap<string, string>) {
  const byWeight = [...cases].sort((a, b) => Number(mayHaveSeveral(b)) - Number(mayHaveSeveral(a)));
  const shown = new Map<string, string>();
  let characters = 0;
  for (const { id } of byWeight) {
    const text = packed.get(id);
    if (text === undefined || characters + text.length > mostCharacters) continue;
    characters += text.length;
    shown.set(id, text);
  }
  return { cases: shown, leftOut: packed.size - shown.size };
}

/** Null for what cannot be read, whatever the reason that the user has been told already. */
async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GateError) return null;
    throw error;
  }
}
