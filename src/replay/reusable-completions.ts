/** Which completions of an earlier check may stand for asking again. */
import { transcriptBadLine, transcriptOtherRun } from "../messages/transcript.ts";
import type { CaseId } from "../model/case.ts";
import type { Completion } from "../model/completion.ts";
import type { Digest } from "../model/digest.ts";
import { isEmptyAnswer } from "../model/empty-answer.ts";
import { GateError } from "../model/problem.ts";
import { completionOf } from "./completion-line.ts";
import { readTranscript } from "./transcript.ts";

export interface ReuseTerms {
  readonly suite: string;
  /** Digest of every measured fact. */
  readonly environment: Digest;
  /** Contract of each case as it is now. */
  readonly contracts: ReadonlyMap<CaseId, Digest>;
}

/**
 * Finished first completions of checks in the transcript whose environment and contract are those of `terms`, the newest of each case.
 * Throws GateError when no run in it was made on these terms, and for what cannot be read.
 */
export async function reusableCompletions(path: string, terms: ReuseTerms): Promise<ReadonlyMap<CaseId, Completion>> {
  const reusable = new Map<CaseId, Completion>();
  let refusal: string | null = "it holds no run";
  let isAccepted = false;
  let number = 0;
  for await (const line of readTranscript(path)) {
    number += 1;
    if (line.type === "run") {
      const why = refusalOf(line, terms);
      isAccepted = why === null;
      if (isAccepted || refusal !== null) refusal = why;
    } else if (line.type === "completion" && isAccepted && line.finish_reason !== "abort" && line.repeat === 1) {
      if (terms.contracts.get(line.case) !== line.contract) continue;
      const completion = completionOf(line);
      if (completion === null) {
        const why = "its arrays cannot be read or disagree in length";
        throw new GateError([transcriptBadLine({ file: path, line: number, found: line.case, why })]);
      }
      // Asked again, so that the failure is told as one.
      if (!isEmptyAnswer(completion)) reusable.set(line.case, completion);
    }
  }
  if (refusal !== null) throw new GateError([transcriptOtherRun({ file: path, why: refusal })]);
  return reusable;
}

function refusalOf(run: { command: string; suite: string; environment: Digest }, terms: ReuseTerms): string | null {
  if (run.command !== "check") return "it is the transcript of a recording";
  if (run.suite !== terms.suite) return `it was run for the suite ${JSON.stringify(run.suite.slice(0, 80))}`;
  if (run.environment !== terms.environment) return "it was run in another environment";
  return null;
}
