/** `accept`: turns the answers of a failed check into goldens, by decision of a person, in the same transaction as `record`. */
import { describeChange, environmentDifference } from "../environment/environment-difference.ts";
import type { WorkflowRun } from "../github/workflow-runs.ts";
import { withRecordLock } from "../goldens/record-lock.ts";
import { recoverRecording } from "../goldens/recording.ts";
import { prepareStateFolder } from "../goldens/state-folder.ts";
import {
  acceptInCi,
  acceptReasonMissing,
  generationNotWhole,
  newGenerationNeeded,
  otherRun,
} from "../messages/accept.ts";
import { runNotThis } from "../messages/artifacts.ts";
import type { CaseId } from "../model/case.ts";
import type { LockedClass } from "../model/lock.ts";
import { GateError } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import { sharedContract } from "../suite/contract.ts";
import { contractChanges } from "../suite/contract-changes.ts";
import { type AcceptableAnswer, acceptableAnswers } from "./acceptable-answers.ts";
import { type AcceptedRun, acceptedRun } from "./accepted-run.ts";
import { loadRecorded, loadSuiteFor } from "./load-for-check.ts";
import { selectCases } from "./select-cases.ts";
import type { Workbench } from "./workbench.ts";
import { writeGeneration } from "./write-generation.ts";

export interface AcceptOptions {
  readonly suitePath: string;
  /** Report file or its folder; null for the last run beside the suite. */
  readonly reportPath: string | null;
  /** Ids or patterns; none means all. */
  readonly only: readonly string[];
  readonly reason: string | null;
  /** Whether a run in another environment than the goldens may be taken, whole. */
  readonly generation: "same-environment" | "new";
  /** The environment variable that tells that this is CI, where accepting was not allowed; null otherwise. */
  readonly refusedBy: string | null;
  /** The run of GitHub's whose report lies at `reportPath`; null for a check on this machine. */
  readonly run: Pick<WorkflowRun, "id" | "headSha" | "url"> | null;
  /** Decides on each answer; null takes them all. Asked while nothing is locked. */
  readonly decide: ((answer: AcceptableAnswer, at: { number: number; of: number }) => Promise<Decision>) | null;
}

export type Decision = "take" | "skip" | "take-all" | "quit";

export interface Accepted {
  /** Ids of the cases whose goldens were written. */
  readonly written: readonly CaseId[];
  /** Ids of the cases that differ and keep their goldens. */
  readonly skipped: readonly CaseId[];
  /** Number of the new generation; null when nothing was written. */
  readonly generation: number | null;
  readonly run: Pick<AcceptedRun, "reportFile" | "report">;
}

/** Goldens and lock change together or not at all. Throws GateError when the run, or what is asked of it, cannot be accepted. */
export async function accept(options: AcceptOptions, bench: Workbench): Promise<Accepted> {
  if (options.refusedBy !== null) throw new GateError([acceptInCi({ variable: options.refusedBy })]);
  const suite = await loadSuiteFor(bench, options.suitePath);
  const chosen = selectCases(suite.cases, options.only, { file: displayPath(suite.path), option: "--only" });
  await recover(suite, bench);
  const { store, lock } = await loadRecorded(suite, bench);
  const head = await bench.git.head(suite.folder);
  assertOfHead(options.run, head);
  // A pull request is checked at a merge commit that nobody else has: what GitHub says of the run counts, not what its artifact says.
  const wanted = options.run === null ? { commit: head } : "told by GitHub";
  const run = await acceptedRun(suite, options.reportPath, wanted, bench);
  const locked = lock.classes.get(run.fingerprint.hardwareClass);
  assertSameGoldens(run, locked);
  const scope = scopeOf(suite, run, locked, options);
  if (scope === "whole" && chosen.length < suite.cases.length) {
    const taken = new Set(chosen);
    const left = suite.cases.filter((item) => !taken.has(item)).map((item) => item.id);
    throw new GateError([generationNotWhole({ left })]);
  }
  const answers = await acceptableAnswers({ suite, run, locked, store, chosen, scope });
  const nothing = { written: [], skipped: [], generation: null, run };
  if (answers.length === 0) return nothing;
  const reason = options.reason?.trim() ?? "";
  if (reason === "") throw new GateError([acceptReasonMissing({})]);
  const taken = await decided(answers, scope, options);
  const skipped = answers.filter((answer) => !taken.includes(answer)).map(({ item }) => item.id);
  if (taken.length === 0) return { ...nothing, skipped };
  if (scope === "whole" && skipped.length > 0) throw new GateError([generationNotWhole({ left: skipped })]);
  const generation = await write(taken, { suite, run, reason, of: options.run }, bench);
  return { written: taken.map(({ item }) => item.id), skipped, generation, run };
}

function assertOfHead(run: AcceptOptions["run"], head: string | null): void {
  if (run === null || run.headSha === head) return;
  const expected = head === null ? "a repository" : `commit ${head.slice(0, 12)}, which is checked out`;
  throw new GateError([runNotThis({ run: run.id, found: `commit ${run.headSha.slice(0, 12)}`, expected })]);
}

/** What an interrupted recording left is completed or discarded first, as `record` does it. */
async function recover(suite: Suite, bench: Workbench): Promise<void> {
  await prepareStateFolder(suite.folder, bench.files);
  await withRecordLock(suite.folder, bench.files, () => recoverRecording(suite.folder, bench.files));
}

/** A check against goldens that have been replaced since says nothing about those that are here. */
function assertSameGoldens({ report, reportFile: file }: AcceptedRun, locked: LockedClass | undefined): asserts locked {
  const here = locked?.generations[0].generation ?? null;
  if (locked !== undefined && here === report.generation) return;
  const shown = (generation: number | null) => (generation === null ? "no goldens" : `generation ${generation}`);
  const expected = `${shown(here)}, as the lock has for this hardware class`;
  throw new GateError([otherRun({ file, found: `a check against ${shown(report.generation)}`, expected })]);
}

function scopeOf(suite: Suite, run: AcceptedRun, locked: LockedClass, { generation }: AcceptOptions) {
  const policy = { driver: suite.driverPolicy };
  const changes = [
    ...environmentDifference(locked.environment, run.fingerprint, policy)
      .filter((change) => change.weight === "breaking")
      .map(describeChange),
    ...contractChanges(locked.contract, sharedContract(suite)),
  ];
  if (changes.length > 0 && generation !== "new") {
    throw new GateError([newGenerationNeeded({ file: run.reportFile, changes })]);
  }
  return changes.length > 0 ? "whole" : "differing";
}

async function decided(
  answers: readonly AcceptableAnswer[],
  scope: "whole" | "differing",
  { decide }: AcceptOptions,
): Promise<readonly AcceptableAnswer[]> {
  if (decide === null) return answers;
  const taken: AcceptableAnswer[] = [];
  for (const [index, answer] of answers.entries()) {
    // Of a new generation, only what differs is worth a question.
    const isPlain = scope === "whole" && answer.comparison.verdict !== "drift";
    const decision = isPlain ? "take" : await decide(answer, { number: index + 1, of: answers.length });
    if (decision === "quit") return [];
    if (decision === "take-all") return [...taken, ...answers.slice(index)];
    if (decision === "take") taken.push(answer);
  }
  return taken;
}

async function write(
  taken: readonly AcceptableAnswer[],
  about: {
    readonly suite: Suite;
    readonly run: AcceptedRun;
    readonly reason: string;
    readonly of: AcceptOptions["run"];
  },
  bench: Workbench,
): Promise<number> {
  const { suite, run, reason, of } = about;
  const { startedAt: checkedAt } = run.report;
  const commit = of === null ? run.report.commit : of.headSha;
  return withRecordLock(suite.folder, bench.files, async () => {
    // A person may have thought for an hour: what was read before the questions must still be what is here.
    const { lock, lockPath } = await loadRecorded(suite, bench);
    assertSameGoldens(run, lock.classes.get(run.fingerprint.hardwareClass));
    return writeGeneration(
      {
        ...{ suite, lock, lockPath, reason, fingerprint: run.fingerprint, obsolete: [] },
        accepted: { run: of?.url ?? null, commit, checkedAt },
        answers: taken.map(({ item, content, repeats }) => ({ item, content: async () => content, repeats })),
      },
      bench,
    );
  });
}
