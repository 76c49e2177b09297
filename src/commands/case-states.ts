/** Sorts the cases of a check: comparable with a golden, missing one, and goldens whose case is gone. */
import { goldenTextLine } from "../goldens/golden-text-line.ts";
import { goldenMissing, goldenObsolete } from "../messages/commands.ts";
import type { Case } from "../model/case.ts";
import type { HardwareClass } from "../model/fingerprint.ts";
import type { Golden } from "../model/golden.ts";
import type { LockedClass, LockedGolden } from "../model/lock.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import { caseContract, contractChanges, promptDigest, samplingRecord } from "../suite/contract.ts";
import type { CaseResult } from "./case-result.ts";
import type { Recorded } from "./load-for-check.ts";
import type { ComparableCase } from "./replay-against-goldens.ts";
import type { Workbench } from "./workbench.ts";

export interface CaseStates {
  readonly comparable: readonly ComparableCase[];
  /** Cases without a golden and goldens without a case: results already. */
  readonly settled: readonly CaseResult[];
}

/** `locked` is null when nothing was recorded on this hardware class: then every case is missing. `filtered` is what `--cases` chose. */
export function caseStates(
  suite: Suite,
  filtered: readonly Case[],
  recorded: Recorded,
  hardwareClass: HardwareClass,
  bench: Workbench,
): CaseStates {
  const locked = recorded.lock.classes.get(hardwareClass) ?? null;
  const comparable: ComparableCase[] = [];
  const settled: CaseResult[] = [];
  for (const item of filtered) {
    const entry = locked?.goldens.get(item.id);
    if (entry === undefined) {
      const problem = goldenMissing({ caseId: item.id, source: item.source, hardwareClass });
      settled.push({ ...nothingCompared(item.id, item), verdict: "missing", problems: [problem] });
    } else {
      comparable.push(comparableCase(suite, item, entry, recorded, hardwareClass, bench));
    }
  }
  return { comparable, settled: [...settled, ...obsoleteGoldens(suite, locked, recorded, hardwareClass)] };
}

function obsoleteGoldens(
  suite: Suite,
  locked: LockedClass | null,
  recorded: Recorded,
  hardwareClass: HardwareClass,
): readonly CaseResult[] {
  const known = new Set<string>(suite.cases.map((item) => item.id));
  return [...(locked?.goldens.keys() ?? [])]
    .filter((id) => !known.has(id))
    .map((id) => {
      const file = displayPath(recorded.store.pathOf(hardwareClass, id));
      const golden: SourceLocation = { file, line: null, column: null };
      const problems: readonly Problem[] = [goldenObsolete({ caseId: id, golden: file })];
      return { ...nothingCompared(id, null), verdict: "obsolete" as const, golden, problems };
    });
}

const nothingCompared = (id: string, item: Case | null) => ({
  id,
  item,
  comparison: null,
  golden: null,
  contractChanges: [],
  tokensGenerated: 0,
  tokensSaved: 0,
});

function comparableCase(
  suite: Suite,
  item: Case,
  entry: LockedGolden,
  recorded: Recorded,
  hardwareClass: HardwareClass,
  bench: Workbench,
): ComparableCase {
  const path = recorded.store.pathOf(hardwareClass, item.id);
  const golden = () => recorded.store.read(hardwareClass, item.id, entry);
  return {
    item,
    golden,
    place: async (textLine) => {
      const text = textLine === null ? null : await bench.files.readText(path);
      const line = text === null || textLine === null ? null : goldenTextLine(text, textLine);
      return { file: displayPath(path), line, column: null };
    },
    contractChanges: async () => (entry.contract === caseContract(suite, item) ? [] : changesOf(await golden(), item)),
  };
}

/** What of the case itself changed since its golden was recorded; shared changes are reported once for all cases. */
function changesOf(golden: Golden, item: Case): readonly string[] {
  const changes = contractChanges({ sampling: golden.sampling }, { sampling: samplingRecord(item) });
  return golden.prompt === promptDigest(item.prompt) ? changes : ["the prompt was changed", ...changes];
}
