/** What goes wrong while cases are replayed. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";

interface AtCase {
  readonly caseId: string;
  readonly source: SourceLocation;
}

const example: AtCase = { caseId: "uk-vs-usa", source: { file: "inference-gate/suite.yml", line: 14, column: 5 } };

const seconds = (ms: number) => `${ms / 1000} s`;

export const caseTimedOut = message<AtCase & { limitMs: number; tokens: number }>(
  {
    code: "replay/case-timeout",
    verdict: "error",
    explanation:
      "The whole completion of this case did not arrive within `timeouts.case_s`. The engine may be slower than expected, " +
      "stuck, or busy with somebody else's requests. A case that did not finish has no verdict, so the run could not be completed.",
    example: { ...example, limitMs: 600_000, tokens: 57 },
  },
  ({ caseId, source, limitMs, tokens }) => ({
    title: `Case ${caseId} did not finish in time.`,
    location: source,
    found: `${tokens} tokens after ${seconds(limitMs)}`,
    expected: `the whole completion within timeouts.case_s (${seconds(limitMs)})`,
    help: [
      "Raise timeouts.case_s in the suite, or lower sampling.max_tokens of the case.",
      "See whether something else uses the engine or its GPU.",
    ],
  }),
);

export const caseStalled = message<AtCase & { limitMs: number; tokens: number }>(
  {
    code: "replay/stalled",
    verdict: "error",
    explanation:
      "The engine was silent for longer than `timeouts.stall_s` in the middle of a completion. Usual reasons: the engine hangs, " +
      "a very long prompt is still being read, or the machine is out of memory and swapping.",
    example: { ...example, limitMs: 120_000, tokens: 7 },
  },
  ({ caseId, source, limitMs, tokens }) => ({
    title: `The engine fell silent in case ${caseId}.`,
    location: source,
    found: `no token for ${seconds(limitMs)}, after ${tokens} tokens`,
    expected: `a token at least every timeouts.stall_s (${seconds(limitMs)})`,
    help: ["Read the engine's log.", "If a long prompt takes this long to read, raise timeouts.stall_s."],
  }),
);

export const emptyCompletion = message<AtCase & { tokens: number; finishReason: string; isBare: boolean }>(
  {
    code: "replay/empty-completion",
    verdict: "error",
    explanation:
      "The engine answered without any text: with nothing at all, or with the model's end token or other special tokens only. Nothing can be " +
      "learnt from an empty answer, so it is neither recorded nor accepted as equal to anything. Usual reasons: an instruct model was given a bare " +
      "`prompt`, the prompt already ends the conversation, or a stop string matches at once.",
    example: { ...example, tokens: 1, finishReason: "stop", isBare: true },
  },
  ({ caseId, source, tokens, finishReason, isBare }) => ({
    title: `Case ${caseId} got an empty completion${finishReason === "stop" ? ": the model ended at once" : ""}.`,
    location: source,
    found: `${tokens === 0 ? "no output" : `${tokens} token${tokens === 1 ? "" : "s"} without any text`}, finish reason ${JSON.stringify(finishReason)}`,
    expected: "an answer with text",
    help: [
      ...(isBare
        ? [
            "An instruct model needs its chat template: write `messages: [{ role: user, content: … }]` in place of `prompt`.",
          ]
        : []),
      "Change the prompt or its stop strings so that the model has something to say.",
      "Or hold its end back: sampling.min_tokens or ignore_eos where the engine has them, with enough max_tokens.",
    ],
  }),
);

export const missingTokenIds = message<AtCase & { engine: string; tier: string }>(
  {
    code: "replay/missing-token-ids",
    verdict: "error",
    explanation:
      "The tier compares token ids, and the engine sent none. Servers ignore request fields that they do not know, so this is " +
      "checked on every answer.",
    example: { ...example, engine: "openai", tier: "tokens" },
  },
  ({ caseId, source, engine, tier }) => ({
    title: `The engine sent no token ids for case ${caseId}.`,
    location: source,
    found: `a completion without token ids from engine ${engine}`,
    expected: `token ids and log-probabilities, which compare.tier ${tier} needs`,
    help: [
      "Use a server that returns token ids (vLLM with return_token_ids, llama.cpp's own server).",
      "Or say `compare: { tier: text }` in the suite, which compares text only.",
    ],
  }),
);

export const caseNotRun = message<AtCase & { why: string }>(
  {
    code: "replay/not-run",
    verdict: "error",
    explanation:
      "The run ended before this case: the engine died, or several cases in a row failed. A case that was not run has no verdict.",
    example: { ...example, why: "the engine ended in case intro" },
  },
  ({ caseId, source, why }) => ({
    title: `Case ${caseId} was not run: ${why}.`,
    location: source,
    help: ["Mend the first failing case, then run again; `--resume <transcript>` keeps what was completed."],
  }),
);

export const interrupted = message<{
  signal: string;
  command: "check" | "record";
  completed: number;
  cases: number;
}>(
  {
    code: "replay/interrupted",
    verdict: "error",
    explanation:
      "A signal (Ctrl-C, or the runner cancelling the job) ended the run. The engine was stopped and no golden was touched. " +
      "The transcript holds what was completed; a check can go on from it with --resume, a recording starts again.",
    example: { signal: "SIGINT", command: "check", completed: 3, cases: 20 },
  },
  ({ signal, command, completed, cases }) => ({
    title:
      command === "check"
        ? `Interrupted by ${signal} after ${completed} of ${cases} cases.`
        : `Interrupted by ${signal}: nothing was recorded.`,
    help: [`The engine was stopped${command === "check" ? "" : ", and the goldens are as they were"}.`],
  }),
);

export const replayMessages = [caseTimedOut, caseStalled, emptyCompletion, missingTokenIds, caseNotRun, interrupted];
