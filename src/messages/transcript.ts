/** What can be wrong with a transcript that is to be resumed. */
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const file = "inference-gate/.inference-gate/transcripts/check-20261123T224510123Z.jsonl";

export const transcriptMissing = message<{ file: string }>(
  {
    code: "transcript/missing",
    verdict: "usage",
    explanation:
      "`--resume` takes the transcript of an earlier check, and there is no such file. Each run prints the path of its transcript at " +
      "its end; by default they are kept beside the suite in `.inference-gate/transcripts/`.",
    example: { file },
  },
  ({ file }) => ({
    title: "There is no transcript to resume from.",
    location: { file, line: null, column: null },
    found: "no such file",
    expected: "the transcript of an earlier check",
    help: ["List them: ls inference-gate/.inference-gate/transcripts", "Or leave out --resume and check everything."],
  }),
);

export const transcriptBadLine = message<{ file: string; line: number; found: string; why: string }>(
  {
    code: "transcript/bad-line",
    verdict: "usage",
    explanation:
      "A line of the transcript is not what a run writes. Only the last line may be cut, by the end of a killed run; any other line that " +
      "cannot be read means that the file was edited or damaged, and nothing of it is trusted.",
    example: { file, line: 7, found: '{"type":"compl', why: "no JSON" },
  },
  ({ file, line, found, why }) => ({
    title: "The transcript cannot be read.",
    location: { file, line, column: 1 },
    found: `${quoted(found)}: ${why}`,
    expected: "one JSON object a line, as a check writes them",
    help: ["Leave out --resume and check everything."],
  }),
);

export const transcriptOtherRun = message<{ file: string; why: string }>(
  {
    code: "transcript/other-run",
    verdict: "usage",
    explanation:
      "A completion may be reused only when it answers the same question on the same engine: the same contract, and the same measured " +
      "environment. No run in this transcript does, so nothing can be reused.",
    example: { file, why: "it was run with another contract" },
  },
  ({ file, why }) => ({
    title: "Nothing in the transcript can be reused.",
    location: { file, line: null, column: null },
    found: why,
    expected: "a check of the same suite, contract and environment",
    help: ["Leave out --resume and check everything."],
  }),
);

export const transcriptMessages = [transcriptMissing, transcriptBadLine, transcriptOtherRun];
