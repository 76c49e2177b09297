/** Turns the agreed answers of a recording into goldens and the next lock, and puts both in place at once. */
import { redactCompletion } from "../goldens/redact-completion.ts";
import { generationIncomplete, unstableAtRecord } from "../messages/commands.ts";
import type { Case } from "../model/case.ts";
import type { FirstDivergence } from "../model/comparison.ts";
import type { GoldenContent } from "../model/golden.ts";
import type { Problem } from "../model/problem.ts";
import type { CaseResult } from "./case-result.ts";
import type { RecordedAnswer } from "./recorded-answers.ts";
import type { Recording } from "./recording-launch.ts";
import type { RunFindings } from "./run-findings.ts";
import type { Workbench } from "./workbench.ts";
import { writeGeneration } from "./write-generation.ts";

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

  const { launches, repeats } = suite.record;
  findings.generation = await writeGeneration(
    {
      ...{ suite, lock, lockPath, fingerprint, reason },
      accepted: null,
      answers: stable.map(({ item, answer }) => ({
        item,
        repeats: { launches, perLaunch: repeats, agreed: answer.agreed },
        content: async (): Promise<GoldenContent> => {
          const completion = await recording.answers.completionOf(item.id);
          return suite.redact
            ? { kind: "redacted", completion: redactCompletion(completion) }
            : { kind: "full", completion };
        },
      })),
      obsolete: selection.obsolete,
    },
    bench,
  );
  const written = stable.map(({ item }) => item.id);
  findings.record = { ...findings.record, written, removed: [...selection.obsolete] };
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
