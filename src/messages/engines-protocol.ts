/** What goes wrong in the JSON Lines conversation with a program; see docs/engine-protocol.md. */
import { failureAdvice } from "./failure-advice.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";
import { type ShownLog, wholeLog } from "./whole-log.ts";

/** `noise` holds the last lines on stdout that were no messages. */
interface InConversation {
  readonly engine: string;
  readonly caseId: string | null;
  readonly noise: readonly string[];
}

const example: InConversation = { engine: "command", caseId: "uk-vs-usa", noise: [] };
const place = ({ caseId }: InConversation) => (caseId === null ? "before the first case" : `in case ${caseId}`);
const readProtocol = "Compare it with docs/engine-protocol.md.";

export const protocolVersion = message<{ engine: string; found: string; expected: number }>(
  {
    code: "engines/protocol-version",
    verdict: "error",
    explanation:
      "The program and the gate speak different versions of the protocol. Each version is documented in docs/engine-protocol.md.",
    example: { engine: "command", found: "2", expected: 1 },
  },
  ({ engine, found, expected }) => ({
    title: `The program of engine ${engine} speaks another version of the protocol.`,
    found: `protocol ${found}`,
    expected: `protocol ${expected}`,
    help: ["Use a version of the program and of the gate that belong together."],
  }),
);

export const malformedLine = message<InConversation & { line: string; issue: string }>(
  {
    code: "engines/malformed-line",
    verdict: "error",
    explanation:
      "The program wrote a line on stdout that begins like a message of the protocol and is none. A message is one JSON object on one line. " +
      "Usual reasons: two threads write at once, output is buffered and cut, or a field has the wrong type.",
    example: { ...example, line: '{"type":"token","id":"1","ind', issue: "not JSON" },
  },
  (at) => ({
    title: `The program wrote a line that is no message ${place(at)}.`,
    found: `${at.issue}: ${quoted(at.line)}`,
    expected: "one whole message a line",
    help: [readProtocol, "Write each line at once and flush it; send everything else to stderr."],
    evidence: at.noise,
  }),
);

export const outOfTurn = message<InConversation & { line: string; why: string }>(
  {
    code: "engines/out-of-turn",
    verdict: "error",
    explanation:
      "The program sent a message that does not belong where it came: for an id that was never asked, after the end of an answer, with a " +
      "token out of order, or with an output that contradicts its tokens.",
    example: { ...example, line: '{"type":"token","id":"9","index":0}', why: 'no request has the id "9"' },
  },
  (at) => ({
    title: `The program sent a message out of turn ${place(at)}: ${at.why}.`,
    found: quoted(at.line),
    expected: "the tokens of the request in order, then its output",
    help: [readProtocol],
    evidence: at.noise,
  }),
);

/** Characters of what a program says that are shown where the title had to cut it. */
const longestFound = 400;

export const programFailed = message<InConversation & ShownLog & { text: string; hints: readonly string[] }>(
  {
    code: "engines/program-failed",
    verdict: "error",
    explanation: "The program itself said that it could not answer this case.",
    example: { ...example, text: "input image is missing", hints: [], logTail: [], logFile: null },
  },
  (at) => ({
    title: `The program failed ${place(at)}: ${quoted(at.text)}.`,
    found: at.text.length > longestFound ? `${at.text.slice(0, longestFound - 1)}…` : at.text,
    expected: "an `output` message",
    help: [
      ...at.hints,
      ...failureAdvice([at.text, ...at.hints]),
      "Mend what the program says, then run again.",
      ...wholeLog(at.logFile),
    ],
    evidence: at.logTail,
  }),
);

export const outputClosed = message<InConversation & ShownLog>(
  {
    code: "engines/output-closed",
    verdict: "error",
    explanation: "The program closed its stdout while it still runs, so that it can answer no more.",
    example: { ...example, logTail: [], logFile: null },
  },
  (at) => ({
    title: `The program closed its output ${place(at)}.`,
    found: "the end of stdout, from a program that still runs",
    expected: "messages until `bye`",
    help: [readProtocol, ...wholeLog(at.logFile)],
    evidence: [...at.noise, ...at.logTail],
  }),
);

export const enginesProtocolMessages = [protocolVersion, malformedLine, outOfTurn, programFailed, outputClosed];
