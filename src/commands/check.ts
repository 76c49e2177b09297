/** `check`: replays the suite on its engine and holds every completion against its golden. Never writes a golden. */
import { diagnose } from "../diagnose/diagnose.ts";
import { environmentDifference } from "../environment/environment-difference.ts";
import { prepareStateFolder } from "../goldens/state-folder.ts";
import { transcriptMissing } from "../messages/transcript.ts";
import type { Case } from "../model/case.ts";
import type { Comparison } from "../model/comparison.ts";
import type { Completion } from "../model/completion.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import { GateError } from "../model/problem.ts";
import type { RuntimeName } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import { reusableCompletions } from "../replay/reusable-completions.ts";
import { warmUp } from "../replay/warm-up.ts";
import type { Report } from "../report/report.ts";
import { caseContract, sharedContract } from "../suite/contract.ts";
import { contractChanges } from "../suite/contract-changes.ts";
import { caseStates } from "./case-states.ts";
import { assertAllowed, type BaseWish, goldenChanges } from "./golden-changes.ts";
import { loadRecorded, loadSuiteFor, type Recorded } from "./load-for-check.ts";
import { type ComparableCase, replayAgainstGoldens } from "./replay-against-goldens.ts";
import { reporting } from "./reporting.ts";
import { runDigests } from "./run-digests.ts";
import type { RunFindings } from "./run-findings.ts";
import { environmentDigest, startTranscript } from "./run-transcript.ts";
import { selectCases } from "./select-cases.ts";
import { type LiveEngine, withEngine } from "./with-engine.ts";
import type { Workbench } from "./workbench.ts";

export interface CheckOptions {
  readonly suitePath: string;
  /** Ids or patterns; none means all. */
  readonly cases: readonly string[];
  /** In place of the suite's own; null for that. */
  readonly runtime?: RuntimeName | null;
  /** What happens to a case that has split from its golden. */
  readonly split: "stop" | "keep-going";
  /** Where the transcript is appended. */
  readonly transcriptPath: string;
  /** What the change is to be merged into: goldens that it brings itself are told of, and must be allowed. */
  readonly base?: BaseWish | null;
  /** Transcript of a killed run whose completions may be reused. */
  readonly resume: string | null;
}

/** One report in every path: nothing a user can do wrong escapes as an exception. */
export function check(options: CheckOptions, bench: Workbench): Promise<Report> {
  return reporting({ command: "check", suitePath: options.suitePath }, bench, async (findings) => {
    const suite = await loadSuiteFor(bench, options.suitePath, options.runtime ?? null);
    findings.suite = suite;
    findings.commit = await bench.git.head(suite.folder);
    const recorded = await loadRecorded(suite, bench);
    const chosen = selectCases(suite.cases, options.cases, { file: displayPath(suite.path), option: "--cases" });
    if (options.base != null) {
      const held = await goldenChanges(suite, recorded, options.base, bench);
      if ("warning" in held) findings.warnings.push(held.warning);
      else {
        findings.goldenChanges = held.changes;
        assertAllowed(held.changes, recorded.lockPath);
      }
    }
    await assertTranscript(options.resume, bench);
    await prepareStateFolder(suite.folder, bench.files);
    await withEngine(suite, { number: 1, of: 1 }, bench, async (live) => {
      compareEnvironment(live, recorded, findings);
      findings.digests = await runDigests(
        {
          suite,
          cases: chosen,
          locked: recorded.lock.classes.get(live.fingerprint.hardwareClass),
          lockPath: recorded.lockPath,
        },
        bench,
      );
      const states = caseStates(suite, chosen, recorded, live.fingerprint.hardwareClass, bench);
      findings.results.push(...states.settled);
      await replay(states.comparable, live, options, findings, bench);
    });
    findings.diagnoses = diagnose(diagnosisInput(findings));
  });
}

/** Notes what changed since the goldens of this hardware class were recorded; of any class when there are none of this one. */
function compareEnvironment({ suite, fingerprint }: LiveEngine, { lock }: Recorded, findings: RunFindings): void {
  findings.fingerprint = fingerprint;
  const [nearest] = lock.classes.values();
  const locked = lock.classes.get(fingerprint.hardwareClass) ?? nearest;
  if (locked === undefined) return;
  findings.generation = locked.generations[0].generation;
  findings.environmentChanges = [
    ...classChange(fingerprint, lock),
    ...environmentDifference(locked.environment, fingerprint, { driver: suite.driverPolicy }),
  ];
  findings.contractChanges = contractChanges(locked.contract, sharedContract(suite));
}

/** Goldens of another hardware class say nothing about this one, however alike the machines look. */
function classChange({ hardwareClass }: Fingerprint, lock: Recorded["lock"]): RunFindings["environmentChanges"] {
  if (lock.classes.has(hardwareClass)) return [];
  const before = [...lock.classes.keys()].join(", ");
  const named = { key: "hardware-class", group: "hardware", label: "hardware class" } as const;
  return [{ ...named, before, after: hardwareClass, weight: "breaking", rank: 1 }];
}

async function replay(
  comparable: readonly ComparableCase[],
  live: LiveEngine,
  options: CheckOptions,
  findings: RunFindings,
  bench: Workbench,
): Promise<void> {
  const [first] = comparable;
  if (first === undefined) return;
  const reuse = await reused(comparable, live, options, bench);
  const asked = comparable.filter(({ item }) => !reuse.has(item.id));
  const maxTokens = asked.reduce((sum, { item }) => sum + item.sampling.params.max_tokens, 0);
  const { suite } = live;
  const transcript = await startTranscript(options.transcriptPath, { command: "check", ...live }, bench);
  findings.transcript = transcript.path;
  try {
    bench.onProgress({ kind: "planned", completions: asked.length, maxTokens });
    if (asked.length > 0) {
      bench.onProgress({ kind: "warming-up" });
      const limits = { engine: suite.engine.name, timeouts: suite.timeouts, signal: bench.signal };
      await warmUp(live.session, first.item, { ...limits, onToken: () => "continue" });
    }
    const startedAt = bench.clock.now();
    await replayAgainstGoldens(
      comparable,
      {
        split: options.split,
        live,
        reuse,
        onCompletion: (item: Case, completion: Completion, repeat: number) =>
          transcript.completion(item, completion, { launch: 1, repeat }),
        onFailure: (item, problems) => transcript.failure(item, problems, { launch: 1, repeat: 1 }),
        findings,
      },
      bench,
    );
    findings.replayMs = bench.clock.now() - startedAt;
  } finally {
    await transcript.close();
  }
}

/** Before an engine is launched for nothing. */
async function assertTranscript(path: string | null, { files }: Workbench): Promise<void> {
  if (path !== null && !(await files.exists(path))) throw new GateError([transcriptMissing({ file: path })]);
}

async function reused(
  comparable: readonly ComparableCase[],
  { suite, fingerprint }: LiveEngine,
  { resume }: CheckOptions,
  bench: Workbench,
): Promise<ReadonlyMap<string, Completion>> {
  if (resume === null) return new Map();
  const found = await reusableCompletions(resume, {
    suite: suite.name,
    environment: environmentDigest(fingerprint),
    contracts: new Map(comparable.map(({ item }) => [item.id, caseContract(suite, item)])),
  });
  bench.onProgress({ kind: "note", text: `Taking ${found.size} of ${comparable.length} answers from ${resume}` });
  return found;
}

function diagnosisInput(findings: RunFindings) {
  const { results, environmentChanges, contractChanges } = findings;
  const comparisons: readonly Comparison[] = results.flatMap(({ comparison }) => comparison ?? []);
  return {
    comparisons,
    environmentChanges,
    contractChanges,
    caseContractChanges: new Map(results.map((result) => [result.id, result.contractChanges])),
    unstableCases: results.filter(({ verdict }) => verdict === "unstable").map(({ id }) => id),
  };
}
