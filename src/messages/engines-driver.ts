/** Why a driver of ours does not start its engine, or starts another one than was asked for. */
import { failureAdvice } from "./failure-advice.ts";
import { logAdvice } from "./log-advice.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";
import { type ShownLog, wholeLog } from "./whole-log.ts";

/** What the driver said. */
export interface Refusal extends ShownLog {
  readonly engine: string;
  /** The field, setting, module or file that it is about. */
  readonly subject: string;
  readonly found: string;
  readonly expected: string;
  /** What the engine itself says to do. */
  readonly hints: readonly string[];
}

const refusal: Refusal = {
  engine: "vllm",
  subject: "",
  found: "",
  expected: "",
  hints: [],
  logTail: [],
  logFile: null,
};
const short = (text: string) => (text.length > 300 ? `${text.slice(0, 299)}…` : text);

/** What the engine says itself, and what is known of such a failure. */
const advised = ({ found, hints }: Refusal) => [...hints, ...failureAdvice([found, ...hints])];

const facts = ({ found, expected, logTail }: Refusal) => ({
  found: short(found),
  expected: short(expected),
  evidence: logTail,
});

export const driverModuleMissing = message<Refusal>(
  {
    code: "engines/module-missing",
    verdict: "error",
    explanation:
      "The driver runs with the Python of the image or of the machine, and that Python has no such module. An image of the engine has it; on a " +
      "machine it is usually in a virtual environment, whose interpreter engine.command names.",
    example: { ...refusal, subject: "vllm", found: "no module of that name", expected: "vLLM" },
  },
  (at) => ({
    ...facts(at),
    title: `The Python of engine ${at.engine} has no module ${quoted(at.subject)}.`,
    help: [
      'Name the interpreter that has it: engine: { command: ["venv/bin/python"] }, or use an image that contains it.',
      ...at.hints,
    ],
    evidence: [],
  }),
);

export const driverImportFailed = message<Refusal>(
  {
    code: "engines/import-failed",
    verdict: "error",
    explanation:
      "The engine's module is there and cannot be imported: a package that it needs is missing or of another version, or a library of the " +
      "system is. The exception is shown; its whole traceback is in the engine's log.",
    example: { ...refusal, subject: "vllm", found: "ImportError: libcudart.so.13", expected: "a module that imports" },
  },
  (at) => ({
    ...facts(at),
    title: `The module ${quoted(at.subject)} of engine ${at.engine} cannot be imported.`,
    help: [
      ...advised(at),
      ...logAdvice([at.found]),
      "Import it by hand with the same interpreter; the image or environment is not complete.",
      ...wholeLog(at.logFile),
    ],
  }),
);

export const driverStartFailed = message<Refusal>(
  {
    code: "engines/start-failed",
    verdict: "error",
    explanation:
      "The engine raised an exception while it started. The exception's last line and what the engine itself advises are shown; the whole " +
      "traceback is in the engine's log.",
    example: {
      ...refusal,
      subject: "engine",
      found: "ValueError: max seq len (131072) is larger than the KV cache",
      expected: "an engine that starts",
      hints: ["It began with RuntimeError: Engine core initialization failed."],
    },
  },
  (at) => ({
    ...facts(at),
    title: `Engine ${at.engine} could not start.`,
    help: [
      ...(advised(at).length > 0
        ? advised(at)
        : ["Correct what the exception says; engine.args are the engine's own arguments."]),
      ...wholeLog(at.logFile),
    ],
  }),
);

export const driverArgumentUnknown = message<Refusal>(
  {
    code: "engines/argument-not-taken",
    verdict: "usage",
    explanation:
      "engine.args are passed to the engine as they are, by name. The installed version has no argument of this name; it was asked before " +
      "the model was loaded.",
    example: {
      ...refusal,
      subject: "enforce_eagr",
      found: "no such argument in vLLM 0.32.0",
      expected: "enforce_eager?",
    },
  },
  (at) => ({
    ...facts(at),
    title: `engine.args has an argument that the installed ${at.engine} does not take: ${quoted(at.subject)}.`,
    help: [
      at.expected.endsWith("?") ? `Did you mean ${at.expected}` : `Remove ${quoted(at.subject)} from engine.args.`,
      "Or use a version that has it.",
    ],
    evidence: [],
  }),
);

export const driverFieldUnknown = message<Refusal>(
  {
    code: "engines/sampling-not-taken",
    verdict: "usage",
    explanation:
      "Every sampling field of the installed version can be given by its name. This one it does not have: a slip of the pen, or a version " +
      "that is older or newer than the field. It was asked before the model was loaded.",
    example: { ...refusal, subject: "bad_word", found: "no such field in vLLM 0.32.0", expected: "bad_words?" },
  },
  (at) => ({
    ...facts(at),
    title: `The installed ${at.engine} has no sampling field ${quoted(at.subject)}.`,
    help: [
      at.expected.endsWith("?") ? `Did you mean ${at.expected}` : `Remove ${quoted(at.subject)} from sampling.`,
      "Or use a version that has it.",
    ],
    evidence: [],
  }),
);

export const driverFieldOwned = message<Refusal>(
  {
    code: "engines/sampling-owned",
    verdict: "usage",
    explanation:
      "Some sampling fields say how an answer comes back and not what it is. The driver sets these itself, or it could not read the answer.",
    example: {
      ...refusal,
      subject: "output_kind",
      found: "sampling.output_kind",
      expected: "tokens are sent as they come",
    },
  },
  (at) => ({
    title: `sampling must not set ${quoted(at.subject)}: ${short(at.expected)}.`,
    found: short(at.found),
    expected: "sampling fields that shape the output",
    help: [`Remove ${quoted(at.subject)} from sampling.`],
  }),
);

export const driverSettingNotInForce = message<Refusal>(
  {
    code: "engines/setting-not-in-force",
    verdict: "error",
    explanation:
      "After the engine had started, the driver read back what is in force, from torch and from the engine's resolved configuration. One " +
      "setting is not what the suite asks for, so that outputs would be made with something else than the contract says. Engines change " +
      "settings that a device or model does not allow, mostly with no more than a line in their log.",
    example: { ...refusal, subject: "threads", found: "2, read from torch.get_num_threads()", expected: "1" },
  },
  (at) => ({
    ...facts(at),
    title: `Engine ${at.engine} runs with another ${quoted(at.subject)} than the suite asks for.`,
    help: [
      "Ask for what the engine can do here, or remove what overrules it: a variable in engine.env, an argument, or the image.",
      "Its log says more.",
      ...wholeLog(at.logFile),
    ],
  }),
);

export const driverSettingsInvalid = message<Refusal>(
  {
    code: "engines/driver-settings",
    verdict: "error",
    explanation: "The driver was not given what this version of the gate gives it. Driver and gate belong together.",
    example: { ...refusal, subject: "INFERENCE_GATE_SETTINGS", found: "nothing", expected: "JSON" },
  },
  (at) => ({
    ...facts(at),
    title: `The driver of engine ${at.engine} cannot use its settings: ${quoted(at.subject)}.`,
    help: ["Use the drivers that came with this gate.", "If they did, report it as a bug of Inference Gate."],
  }),
);

export const driverModelUnreadable = message<Refusal>(
  {
    code: "engines/model-unreadable",
    verdict: "error",
    explanation:
      "The driver looks at the model's files before the engine does. A weight file that is shorter than its own header says was cut off in a " +
      "download or copy; engines report that in words that seldom name the file.",
    example: {
      ...refusal,
      subject: "/models/org/model/model.safetensors",
      found: "1048576 bytes",
      expected: "269060552 bytes",
    },
  },
  (at) => ({
    ...facts(at),
    // The name alone: in a cache of the hub the path before it is longer than a title.
    title: `A file of the model is damaged or missing: ${quoted(at.subject.split("/").at(-1) ?? "")}.`,
    help: [...at.hints, "Fetch or copy the model again, and compare the file's size with its origin."],
    evidence: [at.subject],
  }),
);

export const driverTokenizerMismatch = message<Refusal>(
  {
    code: "engines/tokenizer-mismatch",
    verdict: "error",
    explanation:
      "The tokenizer has ids for which the model has no row in its embedding: it belongs to another model. With such an id the engine would " +
      "crash or read what is not there.",
    example: { ...refusal, subject: "org/model", found: "a tokenizer of 50000 tokens", expected: "at most 49152" },
  },
  (at) => ({
    ...facts(at),
    title: `Tokenizer and model do not belong together: ${quoted(at.subject)}.`,
    help: ["Use the tokenizer of the model's own repository, at the same revision."],
    evidence: [],
  }),
);

export const driverVersionTooOld = message<Refusal>(
  {
    code: "engines/version-too-old",
    verdict: "error",
    explanation:
      "The driver reads back what is really in force, from every process that computes. The installed version has no way to ask them, so that " +
      "nobody could say with which settings an output was made.",
    example: {
      ...refusal,
      subject: "vllm",
      found: "vLLM 0.6.3, whose LLM has no collective_rpc",
      expected: "vLLM 0.8 or newer",
    },
  },
  (at) => ({
    ...facts(at),
    title: `The installed ${at.engine} is too old for this gate.`,
    help: [
      "Use a newer version, or an image that has one.",
      "Or start its server yourself and gate it with engine openai, which measures less.",
    ],
    evidence: [],
  }),
);

export const driverMissing = message<{ searched: readonly string[] }>(
  {
    code: "engines/driver-missing",
    verdict: "error",
    explanation:
      "The Python programs that run beside an engine are in `drivers/`, beside `dist/`. They come with the gate; only a part of it was copied.",
    example: { searched: ["drivers/inference_gate"] },
  },
  ({ searched }) => ({
    title: "The drivers of the gate are not there.",
    found: `nothing at ${searched.join(" or ")}`,
    expected: "the folder drivers/inference_gate of this version",
    help: ["Copy or check out the whole of Inference Gate, not only dist/."],
  }),
);

export const enginesDriverMessages = [
  driverModuleMissing,
  driverImportFailed,
  driverStartFailed,
  driverArgumentUnknown,
  driverFieldUnknown,
  driverFieldOwned,
  driverSettingNotInForce,
  driverSettingsInvalid,
  driverModelUnreadable,
  driverTokenizerMismatch,
  driverVersionTooOld,
  driverMissing,
];
