/** The answers of the last run in a transcript, as they come: most are passed on at once, those of some cases are kept together. */
import { resolve } from "node:path";
import { GateError } from "../model/problem.ts";
import { completionOf } from "../replay/completion-line.ts";
import { readTranscript } from "../replay/transcript.ts";
import type { TranscriptLine } from "../replay/transcript-schema.ts";
import type { Answer } from "../report/detail.ts";

export interface AnswerTakers {
  /** True for a case whose answers are to be returned together. */
  keep(id: string): boolean;
  /** Called with every other answer. */
  pass(id: string, answer: Answer): Promise<void>;
  /** A later run begins in the same file: what was passed is of no interest any more. */
  restart(): void;
}

/** The kept answers by case, in their order. Stops without a word where the transcript is gone or cannot be read further. */
export async function runAnswers(
  transcript: string | null,
  takers: AnswerTakers,
): Promise<ReadonlyMap<string, readonly Answer[]>> {
  const kept = new Map<string, Answer[]>();
  if (transcript === null) return kept;
  try {
    for await (const line of readTranscript(resolve(transcript))) {
      if (line.type === "run") {
        kept.clear();
        takers.restart();
      }
      const answer = line.type === "torn" ? null : answerOf(line);
      if (answer === null) continue;
      if (takers.keep(answer.id)) kept.set(answer.id, [...(kept.get(answer.id) ?? []), answer.answer]);
      else await takers.pass(answer.id, answer.answer);
    }
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
  }
  return kept;
}

function answerOf(line: TranscriptLine): { readonly id: string; readonly answer: Answer } | null {
  if (line.type !== "completion" && line.type !== "redacted") return null;
  const of = { launch: line.launch, repeat: line.repeat };
  if (line.type === "completion") {
    const completion = completionOf(line);
    return completion === null ? null : { id: line.case, answer: { of, content: { kind: "full", completion } } };
  }
  const completion = {
    promptTokenIds: line.prompt_token_ids,
    tokenIds: line.token_ids,
    logprobs: line.logprobs,
    text: line.text,
    outputDigest: line.output_digest,
    tokenCount: line.token_count,
    finishReason: line.finish_reason,
  };
  return { id: line.case, answer: { of, content: { kind: "redacted", completion } } };
}
