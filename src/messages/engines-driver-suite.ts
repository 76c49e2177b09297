/** Suites that no driver of ours could start as they are: what would move, and what says two things. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const source: SourceLocation = { file: "inference-gate/suite.yml", line: 3, column: 3 };

export const revisionMissing = message<{ source: SourceLocation; engine: string; name: string }>(
  {
    code: "engines/revision-missing",
    verdict: "usage",
    explanation:
      "A model that is known by its name is whatever its repository holds on that day: branches and tags move. The full commit id fixes " +
      "weights, tokenizer and templates. A local model is given by its path, and its files are measured.",
    example: { source, engine: "vllm", name: "org/model" },
  },
  ({ source: location, engine, name }) => ({
    title: `The model ${quoted(name)} of engine ${engine} has no revision.`,
    location,
    found: "a name that moves",
    expected: "model.revision, 40 hexadecimal digits, or model.path",
    help: [
      "Add the commit id that the model's page shows: model: { name: …, revision: … }.",
      "Or name a local folder: model: { name: …, path: … }.",
    ],
  }),
);

export const tokenizerRevisionMissing = message<{
  source: SourceLocation;
  engine: string;
  /** Null for the model's own. */
  tokenizer: string | null;
  revision: string | null;
}>(
  {
    code: "engines/tokenizer-revision-missing",
    verdict: "usage",
    explanation:
      "A tokenizer makes the token ids that a model is asked with, and its repository moves as a model's does. One that is named in engine.args " +
      "needs the full commit id in `tokenizer_revision`. Without `tokenizer`, the model's own is read at the model's revision.",
    example: { source, engine: "vllm", tokenizer: "org/tokenizer", revision: "main" },
  },
  ({ source: location, engine, tokenizer, revision }) => ({
    title: `The tokenizer ${tokenizer === null ? "" : `${quoted(tokenizer)} `}of engine ${engine} has no revision that stays.`,
    location,
    found: revision === null ? "a name that moves" : `tokenizer_revision ${quoted(revision)}`,
    expected: "tokenizer_revision, 40 hexadecimal digits, or a path",
    help: [
      "Add the commit id that the tokenizer's page shows as tokenizer_revision in engine.args.",
      "Or name a local folder, beginning with ./, ../ or /.",
    ],
  }),
);

export const variableContradicts = message<{
  source: SourceLocation;
  name: string;
  given: string;
  setting: string;
  wanted: string;
}>(
  {
    code: "engines/variable-contradicts",
    verdict: "usage",
    explanation:
      "The settings under `determinism` reach an engine as environment variables, among other ways. engine.env sets one of them to something else.",
    example: { source, name: "OMP_NUM_THREADS", given: "8", setting: "threads", wanted: "1" },
  },
  ({ source: location, name, given, setting, wanted }) => ({
    title: `engine.env sets ${name}, which determinism.${setting} decides.`,
    location,
    found: `${name}=${quoted(given)}`,
    expected: `${name}=${quoted(wanted)}, from determinism.${setting}`,
    help: [`Remove ${name} from engine.env and set determinism.${setting} to what is wanted.`],
  }),
);

export const argumentContradicts = message<{
  source: SourceLocation;
  argument: string;
  given: string;
  setting: string;
  wanted: string;
}>(
  {
    code: "engines/argument-contradicts",
    verdict: "usage",
    explanation:
      "An argument of the engine and a setting under `determinism` decide the same thing differently, so that one of them would not be in force.",
    example: { source, argument: "enforce_eager", given: "false", setting: "compile", wanted: "false" },
  },
  ({ source: location, argument, given, setting, wanted }) => ({
    title: `engine.args.${argument} contradicts determinism.${setting}.`,
    location,
    found: `${argument} ${given} with ${setting} ${wanted}`,
    expected: "one answer to the question",
    help: [`Remove ${argument}, or set determinism.${setting} to fit it.`],
  }),
);

export const settingWithoutEffect = message<{
  source: SourceLocation;
  engine: string;
  setting: string;
  /** The value that the setting always has with this engine. */
  wanted: boolean;
}>(
  {
    code: "engines/setting-without-effect",
    verdict: "usage",
    explanation:
      "With this engine the setting always has the same value: it belongs to another engine, or this one has no choice. Another value would " +
      "have no effect, and nobody would notice.",
    example: { source, engine: "transformers", setting: "batch_invariant", wanted: false },
  },
  ({ source: location, engine, setting, wanted }) => ({
    title: `determinism.${setting} has no effect with engine ${engine}.`,
    location,
    found: `${setting} ${!wanted}`,
    expected: String(wanted),
    help: [`Remove determinism.${setting}.`],
  }),
);

export const enginesDriverSuiteMessages = [
  revisionMissing,
  tokenizerRevisionMissing,
  variableContradicts,
  argumentContradicts,
  settingWithoutEffect,
];
