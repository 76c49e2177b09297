/** What goes wrong while an engine is started, watched and stopped. */
import type { EngineExit } from "../model/launch-plan.ts";
import { shellWord } from "../model/shell-word.ts";
import { exitAdvice, exitInWords } from "./engine-exit.ts";
import { failureAdvice } from "./failure-advice.ts";
import { homeAdvice } from "./home-advice.ts";
import { logAdvice } from "./log-advice.ts";
import { message } from "./message.ts";
import { exceptionAhead, exceptionsIn } from "./python-exceptions.ts";
import { type ShownLog, wholeLog } from "./whole-log.ts";

/** What every failed start tells beside its reason. */
interface FailedStart extends ShownLog {
  readonly command: string;
  /** What the engine adapter suggests. */
  readonly hints: readonly string[];
}

const failedStart: FailedStart = {
  command: "llama-server --port 20711 -m model.gguf",
  hints: ["Run the command by hand to see what it says."],
  logTail: ["load_model: loading model 'model.gguf'", "error: failed to open GGUF file"],
  logFile: "/home/me/.local/state/inference-gate/logs/7d2f.log",
};

const seconds = (ms: number) => `${ms / 1000} s`;
const quoted = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
const wholePath = "Give the whole path of the program in engine.command, or add its folder to PATH.";

export const programNotFound = message<{ program: string; searched: readonly string[]; hints: readonly string[] }>(
  {
    code: "runtimes/program-not-found",
    verdict: "error",
    explanation:
      "The program that starts the engine is not on this machine. A name without a slash is looked up in the folders of PATH; " +
      "a path is taken as it is. The PATH of a service or of a self-hosted runner is often shorter than the one of your shell.",
    example: { program: "llama-server", searched: ["/usr/local/bin", "/usr/bin"], hints: ["Install llama.cpp."] },
  },
  ({ program, searched, hints }) => ({
    title: `The engine's program ${quoted(program)} was not found.`,
    found: searched.length === 0 ? "no such file" : `nothing of that name in PATH: ${searched.join(", ")}`,
    expected: "an executable file",
    help: [...homeAdvice(program), ...hints, wholePath],
  }),
);

export const programNotExecutable = message<{ path: string; hints: readonly string[] }>(
  {
    code: "runtimes/program-not-executable",
    verdict: "error",
    explanation:
      "The file that shall start the engine exists, but this user may not execute it, or it is a folder. Files that were unpacked from " +
      "an archive or an artifact often lose the executable bit.",
    example: { path: "/opt/llama/llama-server", hints: [] },
  },
  ({ path, hints }) => ({
    title: `The engine's program ${quoted(path)} may not be executed.`,
    found: "a file without permission to execute, or a folder",
    expected: "an executable file",
    help: [`Make it executable: chmod +x ${shellWord(path)}`, ...hints],
  }),
);

export const workingFolderMissing = message<{ folder: string }>(
  {
    code: "runtimes/working-folder-missing",
    verdict: "error",
    explanation:
      "The engine is started in a folder of its own, by default that of the suite. That folder is not there.",
    example: { folder: "/work/inference-gate" },
  },
  ({ folder }) => ({
    title: `The folder ${quoted(folder)}, in which the engine is to be started, is missing.`,
    found: "no such folder",
    expected: "a folder",
    help: ["Create the folder, or start the gate from where the suite is."],
  }),
);

export const hostPathMissing = message<{ path: string; hints: readonly string[] }>(
  {
    code: "runtimes/host-path-missing",
    verdict: "error",
    explanation:
      "The engine's command line names a file or folder of this machine, such as the model's weights, and there is none. Nothing was started.",
    example: { path: "/models/SmolLM2-135M.gguf", hints: [] },
  },
  ({ path, hints }) => ({
    title: `The engine needs ${quoted(path)}, which is not there.`,
    found: "no such file or folder",
    expected: "a file or folder that this user may read",
    help: [
      "Check the path in the suite. On a runner: was the model downloaded or mounted, and did `git lfs pull` run?",
      ...hints,
    ],
  }),
);

export const spawnFailed = message<FailedStart & { reason: string }>(
  {
    code: "runtimes/spawn-failed",
    verdict: "error",
    explanation:
      "The operating system refused to start the engine's program. Usual reasons: a script whose `#!` line names an interpreter that is " +
      "not installed, a program built for another processor, a command line that is too long, or no free process slots.",
    example: { ...failedStart, logTail: [], reason: "spawn E2BIG" },
  },
  ({ command, reason, hints, logFile }) => ({
    title: "The operating system refused to start the engine.",
    found: reason,
    expected: `a started process: ${command}`,
    help: [...hints, "Run the command by hand to see whether it starts.", ...wholeLog(logFile)],
  }),
);

export const exitedEarly = message<FailedStart & { exit: EngineExit; waitedFor: string }>(
  {
    code: "runtimes/exited-early",
    verdict: "error",
    explanation:
      "The engine ended before it was ready. Its last 50 log lines are shown; the reason is nearly always among them. " +
      "Exit code 137 or SIGKILL: out of memory is likely. 127: a command was not found. 126: it may not be executed. " +
      "Exit code 0: the command went into the background or had nothing to do; it must stay in the foreground.",
    example: { ...failedStart, exit: { code: 1, signal: null }, waitedFor: "GET /health to answer 200" },
  },
  ({ command, exit, waitedFor, hints, logTail, logFile }) => ({
    title: `The engine ended before it was ready: ${exitInWords(exit)}.`,
    found: `${exceptionAhead(logTail)}${exitInWords(exit)} of ${command}`,
    expected: waitedFor,
    help: [
      ...failureAdvice(exceptionsIn(logTail)),
      ...logAdvice(logTail),
      ...exitAdvice(exit),
      ...hints,
      ...wholeLog(logFile),
    ],
    evidence: logTail,
  }),
);

export const portTaken = message<FailedStart & { port: number; exit: EngineExit | null }>(
  {
    code: "runtimes/port-taken",
    verdict: "error",
    explanation:
      "The engine's port was taken: the engine ended because of it, or another program answered in its place. The gate gives each launch " +
      "a free port, but another program can take it while a large model loads. On Linux the gate looks who listens before it believes an answer.",
    example: { ...failedStart, port: 20711, exit: { code: 1, signal: null } },
  },
  ({ command, port, exit, hints, logTail, logFile }) => ({
    title: `The engine could not listen on port ${port}: something else does.`,
    found: exit === null ? `an answer from a process that is not ${command}` : `${exitInWords(exit)} of ${command}`,
    expected: "a free port on 127.0.0.1",
    help: [
      `Run again; the next launch takes another port. \`ss -ltnp 'sport = :${port}'\` shows who listens now.`,
      ...hints,
      ...wholeLog(logFile),
    ],
    evidence: logTail,
  }),
);

export const notReadyInTime = message<FailedStart & { limitMs: number; waitedFor: string; seen: string }>(
  {
    code: "runtimes/not-ready",
    verdict: "error",
    explanation:
      "The engine ran, but did not become ready within `timeouts.startup_s`; it was ended. Large models load for minutes, and the " +
      "first start after an installation can take longer than later ones because kernels are compiled.",
    example: {
      ...failedStart,
      limitMs: 300_000,
      waitedFor: "GET /health to answer 200",
      seen: "GET /health answered 503",
    },
  },
  ({ command, limitMs, waitedFor, seen, hints, logTail, logFile }) => ({
    title: `The engine was not ready after ${seconds(limitMs)} and was ended.`,
    found: `${seen}, from ${command}`,
    expected: waitedFor,
    help: [...hints, "If it only loads slowly, raise timeouts.startup_s in the suite.", ...wholeLog(logFile)],
    evidence: logTail,
  }),
);

export const unexpectedFirstLine = message<FailedStart & { line: string; type: string }>(
  {
    code: "runtimes/unexpected-first-line",
    verdict: "error",
    explanation:
      "An engine that speaks over stdin and stdout must write protocol messages, one JSON object a line, and nothing else to stdout. " +
      "Its first line was something else. Log lines belong to stderr.",
    example: { ...failedStart, line: "Loading checkpoint shards: 100%", type: "ready" },
  },
  ({ command, line, type, hints, logTail, logFile }) => ({
    title: `The engine's first line on stdout is no ${quoted(type)} message: ${quoted(line)}.`,
    found: `${quoted(line)} from ${command}`,
    expected: `{"type":${JSON.stringify(type)}, …}`,
    help: ["Write logs and progress to stderr; stdout is for the protocol only.", ...hints, ...wholeLog(logFile)],
    evidence: logTail,
  }),
);

export const lineTooLong = message<{ limitBytes: number }>(
  {
    code: "runtimes/line-too-long",
    verdict: "error",
    explanation:
      "An engine that speaks over stdout wrote more than 64 MiB without an end of line. It is taken for broken, because reading on could " +
      "use up the machine's memory.",
    example: { limitBytes: 64 * 1024 * 1024 },
  },
  ({ limitBytes }) => ({
    title: `The engine wrote a line of more than ${limitBytes / 1024 / 1024} MiB to stdout.`,
    found: "no end of line",
    expected: "one JSON object a line",
    help: ["End each message with a line feed, and stream long outputs token by token."],
  }),
);

export const inputClosed = message<{ reason: string; logTail: readonly string[] }>(
  {
    code: "runtimes/input-closed",
    verdict: "error",
    explanation:
      "A request could not be written to the engine because it has closed its standard input or has ended. Its log tells why.",
    example: { reason: "write EPIPE", logTail: ["Segmentation fault"] },
  },
  ({ reason, logTail }) => ({
    title: "The engine no longer reads its standard input.",
    found: reason,
    expected: "an engine that reads one request a line until its input ends",
    help: ["Read the end of the engine's log; it has most likely crashed."],
    evidence: logTail,
  }),
);

export const willNotEnd = message<{ pids: readonly number[]; afterMs: number }>(
  {
    code: "runtimes/will-not-end",
    verdict: "error",
    explanation:
      "Processes of the engine were still there after SIGKILL. That happens when the kernel waits for a driver or a disk (state `D`), or " +
      "when they belong to another user. The next start tries again; until then they may hold GPU memory.",
    example: { pids: [4711, 4712], afterMs: 10_000 },
  },
  ({ pids, afterMs }) => ({
    title: `The engine could not be ended: ${pids.length === 1 ? "process" : "processes"} ${pids.join(", ")} still there.`,
    found: `alive ${seconds(afterMs)} after SIGKILL`,
    expected: "no process of the engine left",
    help: [
      `See what they wait for: ps -o pid,state,wchan:30,user,args -p ${pids.join(",")}`,
      "If the state is D, the driver hangs: look into `dmesg`; only a reboot may help.",
    ],
  }),
);

export const stateFolderUnusable = message<{ folder: string; reason: string }>(
  {
    code: "runtimes/state-folder",
    verdict: "error",
    explanation:
      "Before an engine is started, a record of it is written to the state folder, so that a later run can end it if this one is killed. " +
      "The folder is $INFERENCE_GATE_STATE, else $XDG_STATE_HOME/inference-gate, else ~/.local/state/inference-gate. Without the record nothing is started.",
    example: { folder: "/nonexistent/.local/state/inference-gate", reason: "EACCES: permission denied" },
  },
  ({ folder, reason }) => ({
    title: `The state folder ${quoted(folder)} cannot be used.`,
    found: reason,
    expected: "a folder on a local disk that this user may write",
    help: ["Set INFERENCE_GATE_STATE to such a folder.", "Check the free space: df -h"],
  }),
);

export const attachedUrlMissing = message<{ hints: readonly string[] }>(
  {
    code: "runtimes/attached-url-missing",
    verdict: "usage",
    explanation:
      "The runtime `attached` talks to a server that somebody else has started, and never stops it. It needs to know where that server is.",
    example: { hints: [] },
  },
  ({ hints }) => ({
    title: "The runtime attached needs engine.url.",
    found: "no URL",
    expected: "such as `url: http://127.0.0.1:8080` under `engine`",
    help: ["Add engine.url to the suite, or use `runtime: process` to have the engine started.", ...hints],
  }),
);

export const attachedUrlInvalid = message<{ url: string; reason: string }>(
  {
    code: "runtimes/attached-url-invalid",
    verdict: "usage",
    explanation:
      "The URL of an attached server must be an absolute http or https address, without a query or a fragment.",
    example: { url: "ftp://127.0.0.1", reason: "the scheme is ftp" },
  },
  ({ url, reason }) => ({
    title: `engine.url ${quoted(url)} cannot be used: ${reason}.`,
    found: quoted(url),
    expected: "such as http://127.0.0.1:8080 or https://models.example/team",
    help: ["Correct engine.url in the suite."],
  }),
);

export const attachedNeedsHttp = message<null>(
  {
    code: "runtimes/attached-needs-http",
    verdict: "usage",
    explanation:
      "This engine speaks over the standard input and output of a program that the gate starts; there is nothing to attach to.",
    example: null,
  },
  () => ({
    title: "This engine cannot be attached: it has no URL.",
    found: "runtime: attached",
    expected: "runtime: process",
    help: ["Use `runtime: process` with this engine."],
  }),
);

export const attachedNotReady = message<{
  url: string;
  limitMs: number;
  waitedFor: string;
  seen: string;
  hints: readonly string[];
}>(
  {
    code: "runtimes/attached-not-ready",
    verdict: "error",
    explanation:
      "The server of `engine.url` did not answer as a ready engine does within `timeouts.startup_s`. It was started by somebody else " +
      "and is left as it is.",
    example: {
      url: "http://127.0.0.1:8080",
      limitMs: 10_000,
      waitedFor: "GET /health to answer 200",
      seen: "GET /health failed: connect ECONNREFUSED 127.0.0.1:8080",
      hints: [],
    },
  },
  ({ url, limitMs, waitedFor, seen, hints }) => ({
    title: `The attached server ${quoted(url)} was not ready within ${seconds(limitMs)}.`,
    found: seen,
    expected: waitedFor,
    help: [
      "Start the server, or correct engine.url; the gate never starts or stops an attached server.",
      `Try it by hand: curl -i ${shellWord(url)}`,
      ...hints,
    ],
  }),
);

export const launchRecordUnreadable = message<{ file: string; reason: string }>(
  {
    code: "runtimes/launch-record-unreadable",
    verdict: "error",
    explanation:
      "A record of an earlier launch could not be read, so it is unknown whether its engine still runs. The record was removed and nothing " +
      "was ended, since nothing is ever ended by guess. A full disk or a power cut leaves such files.",
    example: {
      file: "/home/me/.local/state/inference-gate/launches/7d2f.json",
      reason: "Unexpected end of JSON input",
    },
  },
  ({ file, reason }) => ({
    title: `launch record ${quoted(file)}, which could not be read and was removed; nothing was ended for it`,
    found: reason,
    expected: "a launch record as the gate writes it",
    help: ["docs/troubleshooting.md shows how to list the processes of all launches."],
  }),
);

export const runtimesMessages = [
  programNotFound,
  programNotExecutable,
  workingFolderMissing,
  hostPathMissing,
  spawnFailed,
  exitedEarly,
  portTaken,
  notReadyInTime,
  unexpectedFirstLine,
  lineTooLong,
  inputClosed,
  willNotEnd,
  stateFolderUnusable,
  attachedUrlMissing,
  attachedUrlInvalid,
  attachedNeedsHttp,
  attachedNotReady,
  launchRecordUnreadable,
];
