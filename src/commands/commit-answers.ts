/** Turns the agreed answers of a recording into goldens and the next lock, and puts both in place at once. */
import { encodeGolden } from "../goldens/golden-codec.ts";
import { goldenStore } from "../goldens/golden-store.ts";
import { commitRecording } from "../goldens/recording.ts";
import { redactCompletion } from "../goldens/redact-completion.ts";
import { generationIncomplete, unstableAtRecord } from "../messages/commands.ts";
import type { Case, CaseId } from "../model/case.ts";
import type { FirstDivergence } from "../model/comparison.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { Golden } from "../model/golden.ts";
import type { Lock, LockedClass, LockedGolden } from "../model/lock.ts";
import type { Problem } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import { digestOf } from "../platform/hashing.ts";
import { caseContract, promptDigest, samplingRecord, sharedContract } from "../suite/contract.ts";
import { lockText } from "../suite/lock-text.ts";
import type { CaseResult } from "./case-result.ts";
import type { RecordedAnswer } from "./recorded-answers.ts";
import type { Recording } from "./recording-launch.ts";
import type { RecordingSelection } from "./recording-selection.ts";
import type { RunFindings } from "./run-findings.ts";
import type { Workbench } from "./workbench.ts";

/** Writes goldens for the stable cases only; nothing at all when a whole new generation is incomplete. */
export async function commitAnswers(
  recording: Recording,
  reason: string,
  findings: RunFindings,
  bench: Workbench,
): Promise<void> {
  const { measured, request } = recording;
  if (measured === null) return;
  const { selection, fingerprint } = measured;
  const { suite, lock, lockPath } = request;
  const locked = lock?.classes.get(fingerprint.hardwareClass) ?? null;
  const generation = (locked?.generations[0].generation ?? 0) + 1;
  const outcomes = selection.cases.map((item) => ({ item, answer: recording.answers.of(item.id) }));
  const stable = outcomes.flatMap(({ item, answer }) => (answer?.kind === "stable" ? [{ item, answer }] : []));
  const failing = outcomes.length - stable.length;
  const isRefused = selection.scope === "whole" && failing > 0;
  const refusal = isRefused ? [generationIncomplete({ failing, cases: outcomes.length })] : [];
  findings.results.push(
    ...outcomes.map(({ item, answer }) => resultOf(item, answer, recording.answers.tokensOf(item.id), refusal)),
  );
  findings.generation = locked?.generations[0].generation ?? null;
  findings.record = {
    mode: request.mode,
    reason,
    written: [],
    kept: [...selection.kept],
    removed: [],
  };
  if (isRefused) return;
  if (stable.length === 0 && selection.obsolete.length === 0) return;

  const store = goldenStore(suite.folder, bench.files);
  const goldens = stable.map(({ item, answer }) => {
    const golden: Golden = {
      caseId: item.id,
      hardwareClass: fingerprint.hardwareClass,
      generation,
      contract: caseContract(suite, item),
      prompt: promptDigest(item.prompt),
      sampling: samplingRecord(item),
      repeats: { launches: suite.record.launches, perLaunch: suite.record.repeats, agreed: answer.agreed },
      content: suite.redact
        ? { kind: "redacted", completion: redactCompletion(answer.completion) }
        : { kind: "full", completion: answer.completion },
    };
    const text = encodeGolden(golden);
    const entry: LockedGolden = { digest: digestOf(text), contract: golden.contract, generation };
    return { id: item.id, path: store.pathOf(fingerprint.hardwareClass, item.id), text, entry };
  });
  const removed = selection.obsolete.map((id) => store.pathOf(fingerprint.hardwareClass, id));
  const next = nextLock(lock, suite.name, fingerprint, {
    generations: [
      { generation, reason, recordedAt: new Date(bench.clock.now()).toISOString(), recordedBy: bench.tool },
      ...(locked?.generations ?? []),
    ],
    contract: sharedContract(suite),
    environment: Object.fromEntries(fingerprint.facts.map((fact) => [fact.key, fact.value])),
    goldens: nextGoldens(locked, selection, new Map(goldens.map(({ id, entry }) => [id, entry]))),
  });
  bench.onProgress({
    kind: "note",
    text: `Writing ${goldens.length === 1 ? "1 golden" : `${goldens.length} goldens`} and ${displayPath(lockPath)}`,
  });
  await commitRecording(
    {
      suiteFolder: suite.folder,
      lockPath,
      lockText: lockText(next),
      goldens: goldens.map(({ path, text }) => ({ path, text })),
      removed,
    },
    bench.files,
  );
  findings.generation = generation;
  findings.record = { ...findings.record, written: goldens.map(({ id }) => id), removed: [...selection.obsolete] };
}

function nextLock(lock: Lock | null, suite: string, now: Fingerprint, entry: LockedClass): Lock {
  return { suite, classes: new Map([...(lock?.classes ?? []), [now.hardwareClass, entry]]) };
}

function nextGoldens(
  locked: LockedClass | null,
  selection: RecordingSelection,
  written: ReadonlyMap<CaseId, LockedGolden>,
): ReadonlyMap<CaseId, LockedGolden> {
  const gone = new Set(selection.obsolete);
  const before = [...(locked?.goldens ?? [])].filter(([id]) => !gone.has(id));
  return new Map([...before, ...written]);
}

/** `refusal`: what a failing case tells besides, because it kept a whole generation from being written. */
function resultOf(
  item: Case,
  answer: RecordedAnswer | undefined,
  tokensGenerated: number,
  refusal: readonly Problem[],
): CaseResult {
  const base = {
    id: item.id,
    item,
    comparison: null,
    golden: null,
    contractChanges: [],
    tokensGenerated,
    tokensSaved: 0,
  };
  if (answer?.kind === "stable") return { ...base, verdict: "match", problems: [] };
  if (answer?.kind === "unstable") {
    const repeat = `launch ${answer.at.launch}, repeat ${answer.at.repeat}`;
    const problem = unstableAtRecord({
      caseId: item.id,
      source: item.source,
      repeat,
      position: positionOf(answer.split),
    });
    return { ...base, verdict: "unstable", problems: [problem, ...refusal] };
  }
  return { ...base, verdict: "error", problems: [...(answer?.problems ?? []), ...refusal] };
}

function positionOf(split: FirstDivergence | null): string {
  if (split === null) return "its end";
  if (split.kind === "prompt") return `prompt token ${split.tokenIndex}`;
  if (split.kind === "logprob") return `the log-probability of output token ${split.tokenIndex}`;
  if (split.tokenIndex !== null) return `output token ${split.tokenIndex}`;
  if (split.textLine !== null) return `line ${split.textLine} of its text`;
  return `its ${split.kind}`;
}
