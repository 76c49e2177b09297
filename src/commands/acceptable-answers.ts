/** Which answers of a run may become goldens: those that differ, whole, to the question that is asked now, and given twice. */
import { agreement } from "../compare/agreement.ts";
import type { GoldenStore } from "../goldens/golden-store.ts";
import { answersCutShort, answersMissing, contractMoved, runUnstable } from "../messages/accept.ts";
import type { Case } from "../model/case.ts";
import type { Comparison } from "../model/comparison.ts";
import { isEmptyAnswer } from "../model/empty-answer.ts";
import type { Golden, GoldenContent, Repeats } from "../model/golden.ts";
import type { LockedClass } from "../model/lock.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import type { RunAnswer } from "../replay/run-answers.ts";
import { caseContract } from "../suite/contract.ts";
import type { AcceptedRun } from "./accepted-run.ts";
import { isEnoughAgreement } from "./enough-agreement.ts";
import { compareContent } from "./replay-against-goldens.ts";

/** A case with its golden and the answer that may take its place. */
export interface AcceptableAnswer {
  readonly item: Case;
  readonly golden: Golden;
  readonly content: GoldenContent;
  readonly comparison: Comparison;
  readonly repeats: Repeats;
}

export interface AnswersWanted {
  readonly suite: Suite;
  readonly run: AcceptedRun;
  readonly locked: LockedClass;
  readonly store: GoldenStore;
  readonly chosen: readonly Case[];
  /** `whole`: also the cases that equal their goldens, for a new generation. */
  readonly scope: "differing" | "whole";
}

/** In the order of the suite. Throws GateError with every reason why one of them cannot be taken. */
export async function acceptableAnswers(wanted: AnswersWanted): Promise<readonly AcceptableAnswer[]> {
  const { suite, run, locked, store, scope } = wanted;
  const refused = { moved: [] as string[], missing: [] as string[], cut: [] as string[], unstable: [] as string[] };
  const taken: AcceptableAnswer[] = [];
  for (const item of wanted.chosen) {
    const entry = locked.goldens.get(item.id);
    const [first, second] = inOrder(run.answers.get(item.id) ?? []).filter(saysSomething);
    if (entry === undefined || first === undefined) {
      refused.missing.push(item.id);
      continue;
    }
    const contract = caseContract(suite, item);
    if (first.contract !== contract) {
      refused.moved.push(item.id);
      continue;
    }
    const golden = await store.read(run.fingerprint.hardwareClass, item.id, entry);
    const comparison = compareContent(golden, first.content, item);
    const differs = comparison.verdict === "drift";
    if (!differs && scope === "differing" && entry.contract === contract) continue;
    if (first.content.completion.finishReason === "abort") {
      refused.cut.push(item.id);
      continue;
    }
    // An answer that equals its golden was given before: the golden is the other one of the two.
    const other = differs ? second?.content : golden.content;
    if (other === undefined) {
      refused.missing.push(item.id);
      continue;
    }
    const agreed = agreedOn(first.content, other);
    if (agreed === null || !isEnoughAgreement(agreed, item.compare.tier)) {
      refused.unstable.push(item.id);
      continue;
    }
    const repeats = { launches: 1, perLaunch: differs ? 2 : 1, agreed };
    taken.push({ item, golden, content: first.content, comparison, repeats });
  }
  const problems = refusals(refused, suite, run);
  if (problems.length > 0) throw new GateError(problems);
  return taken;
}

const saysSomething = ({ content }: RunAnswer) => content.kind === "redacted" || !isEmptyAnswer(content.completion);
const inOrder = (answers: readonly RunAnswer[]) => [...answers].sort((a, b) => a.repeat - b.repeat);

function refusals(
  refused: { readonly [why in "moved" | "missing" | "cut" | "unstable"]: readonly string[] },
  suite: Suite,
  run: AcceptedRun,
): readonly Problem[] {
  const { moved, missing, cut, unstable } = refused;
  return [
    ...(moved.length > 0 ? [contractMoved({ file: displayPath(suite.path), cases: moved })] : []),
    ...(cut.length > 0 ? [answersCutShort({ file: run.transcriptFile, cases: cut })] : []),
    ...(missing.length > 0 ? [answersMissing({ file: run.transcriptFile, cases: missing })] : []),
    ...(unstable.length > 0 ? [runUnstable({ file: run.transcriptFile, cases: unstable })] : []),
  ];
}

/** Null when they disagree. Of redacted answers, digests must be equal: the second one is whole when it agrees. */
function agreedOn(first: GoldenContent, other: GoldenContent): Repeats["agreed"] | null {
  if (first.kind === "full" && other.kind === "full") {
    const { agreed } = agreement([first.completion, other.completion]);
    return agreed === "none" ? null : agreed;
  }
  if (first.kind !== "redacted" || other.kind !== "redacted") return null;
  const [one, two] = [first.completion, other.completion];
  if (one.text !== two.text || one.tokenIds !== two.tokenIds) return null;
  if (one.tokenIds === null) return "text";
  return one.logprobs !== null && one.logprobs === two.logprobs ? "bits" : "tokens";
}
