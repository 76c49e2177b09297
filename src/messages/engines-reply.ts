/** What goes wrong between the gate and an engine that runs: no answer, half an answer, or the wrong one. */
import type { EngineExit } from "../model/launch-plan.ts";
import { exitAdvice, exitInWords } from "./engine-exit.ts";
import { failureAdvice } from "./failure-advice.ts";
import { message } from "./message.ts";
import { exceptionsIn } from "./python-exceptions.ts";
import { quoted } from "./quoted.ts";
import { type ShownLog, wholeLog } from "./whole-log.ts";

/** Where in the conversation it happened; `caseId` is null outside a case. */
interface AtCase {
  readonly engine: string;
  readonly caseId: string | null;
}

interface InStream extends AtCase {
  /** Tokens that had arrived. */
  readonly tokens: number;
}

const inCase: AtCase = { engine: "llama-cpp", caseId: "uk-vs-usa" };
const inStream: InStream = { ...inCase, tokens: 7 };

const log: ShownLog = {
  logTail: ["Traceback (most recent call last):", "  …", "RuntimeError: CUDA error: an illegal memory access"],
  logFile: "/home/me/.local/state/inference-gate/logs/7d2f.log",
};

/** What the engine's own processes raised, as its log tells it. */
const raised = ({ logTail }: ShownLog) => exceptionsIn(logTail).map((text) => `in its log: ${text}`);

const place = ({ caseId }: AtCase) => (caseId === null ? "before the first case" : `in case ${caseId}`);
const tokensSeen = ({ caseId, tokens }: InStream) => (caseId === null ? "" : ` after ${tokens} tokens`);
const body = (text: string) =>
  text
    .slice(0, 4000)
    .split(/\r\n|\n|\r/)
    .slice(0, 20)
    .filter((line) => line !== "");

export const engineUnreachable = message<AtCase & ShownLog & { url: string; reason: string }>(
  {
    code: "engines/unreachable",
    verdict: "error",
    explanation:
      "The engine had been ready, and then no connection to it could be made. Usual reasons: it ended, it is stuck, or (runtime attached) " +
      "somebody stopped it.",
    example: {
      ...inCase,
      ...log,
      url: "http://127.0.0.1:20711/completion",
      reason: "connect ECONNREFUSED 127.0.0.1:20711",
    },
  },
  (at) => ({
    title: `Engine ${at.engine} cannot be reached ${place(at)}.`,
    found: `${at.url}: ${at.reason}`,
    expected: "a connection",
    help: [
      ...failureAdvice(exceptionsIn(at.logTail)),
      "Read the engine's log: it may have ended.",
      "With runtime attached, see whether the server still runs.",
      ...wholeLog(at.logFile),
    ],
    evidence: raised(at),
  }),
);

export const noAnswer = message<{ engine: string; limitMs: number }>(
  {
    code: "engines/no-answer",
    verdict: "error",
    explanation:
      "The engine had been ready, and did not answer the first questions (which model, which version) within the start-up time of the suite.",
    example: { engine: "llama-cpp", limitMs: 600_000 },
  },
  ({ engine, limitMs }) => ({
    title: `Engine ${engine} does not answer.`,
    found: `no answer for ${limitMs / 1000} s`,
    expected: "an answer within timeouts.startup_s",
    help: ["Read the engine's log: it may hang.", "If it is only slow, raise timeouts.startup_s."],
  }),
);

export const engineDied = message<InStream & ShownLog & { exit: EngineExit }>(
  {
    code: "engines/died",
    verdict: "error",
    explanation:
      "The engine's process ended while the gate was talking to it. The case has no answer and no verdict. The last lines of the " +
      "engine's log usually name the reason; the exit says the rest.",
    example: {
      ...inStream,
      exit: { code: null, signal: "SIGKILL" },
      logTail: ["ggml_cuda: out of memory"],
      logFile: "/home/me/.local/state/inference-gate/logs/7d2f.log",
    },
  },
  (at) => ({
    title: `The engine ended ${place(at)}${tokensSeen(at)}.`,
    found: exitInWords(at.exit),
    expected: "an engine that runs until it is stopped",
    help: [
      ...exitAdvice(at.exit),
      at.logTail.length === 0
        ? "It wrote nothing to its log: start it by hand and send it the same prompt."
        : "Read the last lines of its log, shown here.",
      ...wholeLog(at.logFile),
    ],
    evidence: at.logTail,
  }),
);

export const connectionCut = message<InStream & ShownLog & { reason: string }>(
  {
    code: "engines/connection-cut",
    verdict: "error",
    explanation:
      "The answer stopped before its end: the connection was closed, or the stream ended without saying that the completion is complete. " +
      "Half an answer is never compared.",
    example: { ...inStream, ...log, reason: "aborted" },
  },
  (at) => ({
    title: `The answer was cut off ${place(at)}${tokensSeen(at)}.`,
    found: at.reason,
    expected: "the whole answer",
    help: [
      "Read the engine's log for an error at this time.",
      "If there is a proxy in between, look at its time-outs.",
      ...wholeLog(at.logFile),
    ],
    evidence: raised(at),
  }),
);

export const httpStatus = message<AtCase & ShownLog & { url: string; status: number; body: string }>(
  {
    code: "engines/http-status",
    verdict: "error",
    explanation:
      "The engine answered with an HTTP error. 400 and 422 mean that it refuses the request (a prompt that is longer than the context, a field " +
      "that it does not know), 401 and 403 that a key is missing, 404 that the path or the model is unknown, 5xx that it failed itself.",
    example: {
      ...inCase,
      ...log,
      url: "http://127.0.0.1:20711/completion",
      status: 500,
      body: '{"error":"EngineCore encountered an issue."}',
    },
  },
  (at) => ({
    title: `Engine ${at.engine} answered HTTP ${at.status} ${place(at)}.`,
    found: `${at.url} answered ${at.status}`,
    expected: "200",
    help: [
      ...failureAdvice([at.body, ...(at.status < 500 ? [] : exceptionsIn(at.logTail))]),
      statusHelp(at.status),
      ...(at.status < 500 ? [] : wholeLog(at.logFile)),
    ],
    evidence: [...body(at.body), ...(at.status < 500 ? [] : raised(at))],
  }),
);

function statusHelp(status: number): string {
  if (status === 401 || status === 403) return "Give the key of the server in engine.env.OPENAI_API_KEY.";
  if (status === 404)
    return "See whether the URL is that of the server itself and the model's name is one that it serves.";
  if (status === 429) return "Something else uses the server; the gate needs it for itself.";
  return status < 500
    ? "Read its answer, shown here: it says what of the request it refuses."
    : "Read the engine's log for the error.";
}

export const malformedReply = message<InStream & { url: string; issue: string; reply: string }>(
  {
    code: "engines/malformed-reply",
    verdict: "error",
    explanation:
      "The engine sent something that is not what its protocol promises: no JSON, half a JSON, or JSON without the fields that an answer " +
      "has. Usual reasons: another program listens on that address, a proxy answers in its place, or a version that we do not know.",
    example: { ...inStream, url: "http://127.0.0.1:20711/completion", issue: "not JSON", reply: '{"content":"He' },
  },
  (at) => ({
    title: `Engine ${at.engine} sent an answer that cannot be understood ${place(at)}${tokensSeen(at)}.`,
    found: `${at.issue}: ${quoted(at.reply)}`,
    expected: `an answer of ${at.engine} from ${at.url}`,
    help: [
      "See what answers on that address.",
      "If the engine is newer than this gate, report it with the answer shown here.",
    ],
  }),
);

export const errorInStream = message<InStream & ShownLog & { error: string }>(
  {
    code: "engines/error-in-stream",
    verdict: "error",
    explanation: "The engine began to answer and then reported an error of its own in the middle of the answer.",
    example: { ...inStream, ...log, error: '{"code":500,"message":"context is full"}' },
  },
  (at) => ({
    title: `Engine ${at.engine} reported an error ${place(at)}${tokensSeen(at)}.`,
    found: quoted(at.error),
    expected: "the rest of the answer",
    help: [
      ...failureAdvice([at.error, ...exceptionsIn(at.logTail)]),
      "Read the engine's log for the reason.",
      ...wholeLog(at.logFile),
    ],
    evidence: [...body(at.error), ...raised(at)],
  }),
);

export const wrongModel = message<AtCase & { asked: string; served: readonly string[] }>(
  {
    code: "engines/wrong-model",
    verdict: "error",
    explanation:
      "The engine answers with another model than the suite asks for. Goldens of one model say nothing about another one, so nothing is " +
      "compared.",
    example: { ...inCase, asked: "org/model", served: ["org/other-model"] },
  },
  (at) => ({
    title: `Engine ${at.engine} serves another model than the suite asks for.`,
    found: at.served.length === 0 ? "no model" : at.served.map(quoted).join(", "),
    expected: quoted(at.asked),
    help: [
      "Start the server with the model of the suite, or correct `model` in the suite.",
      "If it is the same model under another name, use that name in the suite.",
    ],
  }),
);

export const noTokenIds = message<AtCase & { url: string }>(
  {
    code: "engines/no-token-ids",
    verdict: "error",
    explanation:
      "The tier of this case compares token ids, and the server sent none. Servers ignore request fields that they do not know, so the gate " +
      "looks at every answer. vLLM returns ids for `return_token_ids`, llama.cpp's server in its log-probabilities.",
    example: { engine: "openai", caseId: "uk-vs-usa", url: "http://127.0.0.1:8000/v1/completions" },
  },
  (at) => ({
    title: `The server returned no token ids ${place(at)}.`,
    found: `an answer of ${at.url} without token ids`,
    expected: "token ids, which the tiers bits, tokens and close compare",
    help: [
      "Use a server that returns token ids: vLLM 0.10.2 or newer, or llama.cpp's server with engine llama-cpp.",
      "Or say `compare: { tier: text }` in the suite, which compares text only.",
    ],
  }),
);

export const tokenCountDiffers = message<InStream & { said: number }>(
  {
    code: "engines/token-count",
    verdict: "error",
    explanation:
      "The engine counted another number of tokens than it sent. An answer with a hole is not compared: what is missing could be what differs.",
    example: { ...inStream, said: 9 },
  },
  (at) => ({
    title: `Engine ${at.engine} sent another number of tokens than it counted ${place(at)}.`,
    found: `${at.tokens} tokens received, ${at.said} counted by the engine`,
    expected: "the same number",
    help: [
      "Switch off what makes the engine skip or merge tokens, such as speculative decoding.",
      "Or report it as a bug.",
    ],
  }),
);

export const wrongTransport = message<AtCase & { transport: string }>(
  {
    code: "engines/wrong-transport",
    verdict: "error",
    explanation:
      "The runtime offers another way of talking than the engine speaks. This is a fault of ours, not of the suite.",
    example: { ...inCase, transport: "stdio" },
  },
  (at) => ({
    title: `Engine ${at.engine} cannot be spoken to over ${at.transport}.`,
    found: at.transport,
    expected: at.transport === "stdio" ? "http" : "stdio",
    help: ["Report it as a bug of Inference Gate."],
  }),
);

export const enginesReplyMessages = [
  engineUnreachable,
  noAnswer,
  engineDied,
  connectionCut,
  httpStatus,
  malformedReply,
  errorInStream,
  wrongModel,
  noTokenIds,
  tokenCountDiffers,
  wrongTransport,
];
