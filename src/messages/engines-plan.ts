/** What is wrong with how a suite describes its engine, found before anything is launched. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const source: SourceLocation = { file: "inference-gate/suite.yml", line: 3, column: 3 };

interface AtEngine {
  readonly source: SourceLocation;
}

export const argumentTwice = message<AtEngine & { first: string; second: string }>(
  {
    code: "engines/argument-twice",
    verdict: "usage",
    explanation:
      "Underscores and dashes mean the same in engine.args, so `ctx_size` and `ctx-size` are one option. It was given twice, and " +
      "which of the two values the engine would take is not for us to guess.",
    example: { source, first: "ctx_size", second: "ctx-size" },
  },
  ({ source: location, first, second }) => ({
    title: `The option ${quoted(first)} is given twice in engine.args.`,
    location,
    found: `${quoted(first)} and ${quoted(second)}`,
    expected: "each option once",
    help: [`Remove one of the two.`],
  }),
);

export const argumentValueInvalid = message<AtEngine & { name: string; value: string }>(
  {
    code: "engines/argument-value",
    verdict: "usage",
    explanation:
      "Values in engine.args become words of the engine's command line: a text or a number stands for itself, true and false for the " +
      "option and its `no-` form, a list for the option repeated. Null and nested maps have no such form.",
    example: { source, name: "chat-template-kwargs", value: '{"thinking":false}' },
  },
  ({ source: location, name, value }) => ({
    title: `The value of engine.args ${quoted(name)} has no form on a command line.`,
    location,
    found: quoted(value),
    expected: "a text, a number, true, false, or a list of texts and numbers",
    help: ["Write a value that takes JSON as a quoted text. Leave an option out instead of giving it null."],
  }),
);

export const argumentOwned = message<AtEngine & { name: string; why: string }>(
  {
    code: "engines/argument-owned",
    verdict: "usage",
    explanation:
      "Some options are set by the gate itself: it chooses the address on which the engine listens and passes the model that the suite " +
      "names, so that what is locked is what runs.",
    example: { source, name: "port", why: "the gate chooses a free port for each launch" },
  },
  ({ source: location, name, why }) => ({
    title: `engine.args must not set ${quoted(name)}: ${why}.`,
    location,
    found: `${quoted(name)} in engine.args`,
    expected: "an option that the gate does not set",
    help: [`Remove ${quoted(name)} from engine.args.`],
  }),
);

export const argumentUnknown = message<AtEngine & { name: string; known: readonly string[] }>(
  {
    code: "engines/argument-unknown",
    verdict: "usage",
    explanation:
      "This engine is part of the gate and knows a short list of options; anything else is a slip of the pen.",
    example: { source, name: "scirpt", known: ["script", "launch-counter"] },
  },
  ({ source: location, name, known }) => ({
    title: `engine.args has an option that this engine does not know: ${quoted(name)}.`,
    location,
    found: quoted(name),
    expected: known.join(", "),
    help: ["Correct the name or remove it."],
  }),
);

export const argumentShort = message<AtEngine & { name: string; long: string }>(
  {
    code: "engines/argument-short",
    verdict: "usage",
    explanation:
      "engine.args takes the long names of options, so that a suite can be read without the engine's manual and one option has one name.",
    example: { source, name: "c", long: "ctx_size" },
  },
  ({ source: location, name, long }) => ({
    title: `engine.args takes long option names: write ${long} instead of ${quoted(name)}.`,
    location,
    found: quoted(name),
    expected: long,
    help: [`Rename ${quoted(name)} to ${long}.`],
  }),
);

export const threadsMissing = message<AtEngine & { cores: number }>(
  {
    code: "engines/threads-missing",
    verdict: "usage",
    explanation:
      "llama.cpp chooses its number of threads from the machine when none is given. On a processor that number shapes the order of " +
      "additions and with it the last bits of every result, so it has to be written down.",
    example: { source, cores: 8 },
  },
  ({ source: location, cores }) => ({
    title: "The number of threads is not given.",
    location,
    found: "no `threads` in engine.args",
    expected: "a number that every runner of this suite has",
    help: [`Add it: engine: { args: { threads: ${cores} } }. This machine can run ${cores} at a time.`],
  }),
);

export const parallelNotOne = message<AtEngine & { value: string }>(
  {
    code: "engines/parallel-not-one",
    verdict: "usage",
    explanation:
      "With several slots the server computes requests in one batch, and the shape of a batch changes results. The gate sends one " +
      "request at a time to a server with one slot.",
    example: { source, value: "4" },
  },
  ({ source: location, value }) => ({
    title: "engine.args sets `parallel` to something other than 1.",
    location,
    found: `parallel ${quoted(value)}`,
    expected: "1, or nothing",
    help: ["Remove `parallel`; the gate passes `--parallel 1`."],
  }),
);

export const modelMissing = message<AtEngine & { engine: string; expected: string }>(
  {
    code: "engines/model-missing",
    verdict: "usage",
    explanation:
      "The suite has to name the model, so that the gate can pass it to the engine and make sure that no other one answers.",
    example: { source, engine: "llama-cpp", expected: "model.path, the GGUF file" },
  },
  ({ source: location, engine, expected }) => ({
    title: `Engine ${engine} needs to know the model.`,
    location,
    found: "none in the suite",
    expected,
    help: [`Add ${expected}.`],
  }),
);

export const commandMissing = message<AtEngine & { engine: string; example: string }>(
  {
    code: "engines/command-missing",
    verdict: "usage",
    explanation:
      "This engine has no program of its own: the suite says which command starts it. The words are passed as they are, without a shell.",
    example: { source, engine: "command", example: '["python3", "pipeline.py"]' },
  },
  ({ source: location, engine, example }) => ({
    title: `Engine ${engine} needs engine.command.`,
    location,
    found: "no engine.command",
    expected: `a command line as a list of words, such as ${example}`,
    help: [
      `Add it: engine: { name: ${engine}, command: ${example} }`,
      ...(engine === "openai" ? ["Or, for a server that runs already: runtime: attached, engine: { url: … }"] : []),
    ],
  }),
);

export const commandNotInterpreter = message<AtEngine & { engine: string; command: string }>(
  {
    code: "engines/command-not-interpreter",
    verdict: "usage",
    explanation:
      "The gate runs this engine's server inside the Python that engine.command names: the determinism settings have to be in place before the " +
      "framework is imported, and are read back from inside. A command that starts the server by itself leaves no room for that.",
    example: { source, engine: "vllm-server", command: "vllm serve" },
  },
  ({ source: location, engine, command }) => ({
    title: `engine.command of ${engine} must be a Python interpreter.`,
    location,
    found: quoted(command),
    expected: "the interpreter that has the engine, such as [/opt/venv/bin/python3]",
    help: [
      "Name the interpreter alone; the gate starts the server in it.",
      "For a command that starts a server by itself take engine openai, which attests less.",
    ],
  }),
);

export const tokenPromptRefused = message<{ engine: string; caseId: string; source: SourceLocation | null }>(
  {
    code: "engines/token-prompt",
    verdict: "usage",
    explanation:
      "The server takes prompts as text only: it has no field for token ids. Made into text and back they could become other ids, so the " +
      "case is refused instead.",
    example: { engine: "tgi", caseId: "uk-vs-usa", source: { file: "inference-gate/suite.yml", line: 20, column: 5 } },
  },
  ({ engine, caseId, source: location }) => ({
    title: `Engine ${engine} takes no prompt of token ids, which case ${caseId} gives.`,
    location,
    found: "prompt_token_ids",
    expected: "prompt or messages",
    help: ["Give the prompt as text or messages, or use an engine that takes token ids, such as vllm-server."],
  }),
);

export const enginesPlanMessages = [
  argumentTwice,
  argumentValueInvalid,
  argumentOwned,
  argumentUnknown,
  argumentShort,
  threadsMissing,
  parallelNotOne,
  modelMissing,
  commandMissing,
  commandNotInterpreter,
  tokenPromptRefused,
];
