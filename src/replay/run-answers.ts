/** The answers of the last run in a transcript, by case, each with the repeats that tell whether the engine agrees with itself. */
import { transcriptBadLine } from "../messages/transcript.ts";
import type { CaseId } from "../model/case.ts";
import type { Digest } from "../model/digest.ts";
import type { GoldenContent } from "../model/golden.ts";
import { GateError } from "../model/problem.ts";
import type { RunVerdict } from "../model/verdict.ts";
import { completionOf } from "./completion-line.ts";
import { readTranscript } from "./transcript.ts";
import type { TranscriptLine, TranscriptRun } from "./transcript-schema.ts";

export interface RunAnswer {
  /** Contract of the case as it was asked. */
  readonly contract: Digest;
  /** 1, or 2 where a differing case was asked again. */
  readonly repeat: number;
  readonly content: GoldenContent;
}

export interface RunAnswers {
  readonly run: TranscriptRun;
  /** Null when the run was killed. */
  readonly ended: RunVerdict | null;
  /** In the order in which they came. */
  readonly answers: ReadonlyMap<CaseId, readonly RunAnswer[]>;
}

/** Null when the transcript holds no run. Throws GateError for what cannot be read. `path` is named in the problems. */
export async function lastRunAnswers(path: string): Promise<RunAnswers | null> {
  let run: TranscriptRun | null = null;
  let ended: RunVerdict | null = null;
  let answers = new Map<CaseId, RunAnswer[]>();
  let number = 0;
  for await (const line of readTranscript(path)) {
    number += 1;
    if (line.type === "run") {
      run = line;
      ended = null;
      answers = new Map();
    } else if (line.type === "end") {
      ended = line.verdict;
    } else if (line.type === "completion" || line.type === "redacted") {
      const content = contentOf(line);
      if (content === null) {
        const why = "its arrays cannot be read or disagree in length";
        throw new GateError([transcriptBadLine({ file: path, line: number, found: line.case, why })]);
      }
      const answer = { contract: line.contract, repeat: line.repeat, content };
      answers.set(line.case, [...(answers.get(line.case) ?? []), answer]);
    }
  }
  return run === null ? null : { run, ended, answers };
}

type AnswerLine = Extract<TranscriptLine, { readonly type: "completion" | "redacted" }>;

function contentOf(line: AnswerLine): GoldenContent | null {
  if (line.type === "completion") {
    const completion = completionOf(line);
    return completion === null ? null : { kind: "full", completion };
  }
  const { logprobs, text } = line;
  return {
    kind: "redacted",
    completion: {
      ...{ logprobs, text },
      promptTokenIds: line.prompt_token_ids,
      tokenIds: line.token_ids,
      outputDigest: line.output_digest,
      tokenCount: line.token_count,
      finishReason: line.finish_reason,
    },
  };
}
