/** What can be wrong with the fields of a suite or lock. */
import type { SourceLocation } from "../model/problem.ts";
import { shellWord } from "../model/shell-word.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

interface AtField {
  readonly location: SourceLocation;
  /** Such as `cases[3].sampling.seed`. */
  readonly path: string;
}

const at: SourceLocation = { file: "inference-gate/suite.yml", line: 7, column: 3 };

export const unknownField = message<
  AtField & { nearest: string | null; known: readonly string[]; help: readonly string[] }
>(
  {
    code: "suite/unknown-field",
    verdict: "usage",
    explanation:
      "The file has a field that this version does not know. An unknown field is refused because it would have no effect, and nobody " +
      "would notice. docs/suite.md lists every field.",
    example: { location: at, path: "engin", nearest: "engine", known: ["version", "name", "engine"], help: [] },
  },
  ({ location, path, nearest, known, help }) => ({
    title: `${path} is no known field.`,
    location,
    found: path,
    expected: known.length === 0 ? "no field here" : `one of ${known.join(", ")}`,
    help: [
      nearest === null ? "Remove it; docs/suite.md lists the fields." : `Did you mean ${nearest}? Otherwise remove it.`,
      ...help,
    ],
  }),
);

export const missingField = message<AtField & { expected: string; help: readonly string[] }>(
  {
    code: "suite/missing-field",
    verdict: "usage",
    explanation: "A field that must be given is not there. The place named is what it is missing from.",
    example: {
      location: at,
      path: "engine.name",
      expected: "vllm-server, sglang, tgi, llama-cpp, openai, scripted or command",
      help: [],
    },
  },
  ({ location, path, expected, help }) => ({
    title: `${path} is missing.`,
    location,
    found: "nothing",
    expected,
    help: [`Add ${path}.`, ...help],
  }),
);

export const wrongValue = message<
  AtField & { found: string; expected: string; nearest: string | null; help: readonly string[] }
>(
  {
    code: "suite/wrong-value",
    verdict: "usage",
    explanation: "A field has a value of the wrong kind or out of range. docs/suite.md says what each field takes.",
    example: {
      location: at,
      path: "sampling.top_p",
      found: "2",
      expected: "a number above 0 and at most 1",
      nearest: null,
      help: [],
    },
  },
  ({ location, path, found, expected, nearest, help }) => ({
    title: `${path} cannot be ${found}.`,
    location,
    found,
    expected,
    help: [nearest === null ? `Correct ${path.replace(/^The /, "the ")}.` : `Did you mean ${nearest}?`, ...help],
  }),
);

export const determinismWithoutDriver = message<{
  location: SourceLocation;
  engine: string;
  engines: readonly string[];
}>(
  {
    code: "suite/determinism-without-driver",
    verdict: "usage",
    explanation:
      "The settings under `determinism` are applied inside the engine's process by a driver of the gate, and read back from there. This " +
      "engine is not run by such a driver, so they would have no effect.",
    example: { location: at, engine: "llama-cpp", engines: ["vllm", "vllm-server", "transformers"] },
  },
  ({ location, engine, engines }) => ({
    title: `determinism has no effect with engine ${engine}.`,
    location,
    found: `determinism with engine ${engine}`,
    expected: `determinism with an engine that the gate starts with a driver: ${engines.join(", ")}`,
    help: ["Remove determinism; docs/engines.md says how this engine is started so that two runs agree."],
  }),
);

export const movingRevision = message<{
  location: SourceLocation;
  name: string;
  revision: string;
  commit: string | null;
}>(
  {
    code: "suite/moving-revision",
    verdict: "usage",
    explanation:
      "A branch or tag of a model repository can be moved at any time; goldens recorded yesterday would be compared with another model " +
      "today. The suite names the full commit id, which cannot move. `inference-gate fetch --model … --revision …` asks the hub for it.",
    example: {
      location: at,
      name: "org/model",
      revision: "main",
      commit: "12fd25f77366fa6b3b4b768ec3050bf629380bac",
    },
  },
  ({ location, name, revision, commit }) => ({
    title: `model.revision cannot be ${quoted(revision)}: a branch or tag can move.`,
    location,
    found: commit === null ? revision : `${revision}, which is ${commit} in the cache of this machine`,
    expected: "the full commit id: 40 hexadecimal digits, in quotes",
    help: [
      commit === null
        ? `Ask the hub which commit it is: inference-gate fetch --model ${shellWord(name)} --revision ${shellWord(revision)}`
        : `Write revision: "${commit}"`,
    ],
  }),
);

export const attachedNeedsUrl = message<{ location: SourceLocation }>(
  {
    code: "suite/attached-needs-url",
    verdict: "usage",
    explanation: "`runtime: attached` uses a server that somebody else started, so the suite must say where it is.",
    example: { location: at },
  },
  ({ location }) => ({
    title: "runtime attached needs engine.url.",
    location,
    found: "runtime attached without engine.url",
    expected: "the URL of the running server",
    help: [
      "Add the URL: engine: { url: http://127.0.0.1:8080 }",
      "Or let the engine be started here: runtime: process",
    ],
  }),
);

export const onlyForRuntime = message<AtField & { runtime: string; found: string; why: string }>(
  {
    code: "suite/only-for-runtime",
    verdict: "usage",
    explanation:
      "The field has no effect with the runtime that the suite names: a URL only matters for an engine that already runs, and a command " +
      "only for one that is started here. A field without effect is refused, since somebody believes in it.",
    example: {
      location: at,
      path: "engine.url",
      runtime: "attached",
      found: "runtime process",
      why: "the process runtime starts the engine and chooses its address",
    },
  },
  ({ location, path, runtime, found, why }) => ({
    title: `${path} has no effect here: ${why}.`,
    location,
    found: `${path} with ${found}`,
    expected: `${path} only with runtime: ${runtime}`,
    help: [`Remove ${path}, or say runtime: ${runtime}.`],
  }),
);

export const pathNotFound = message<AtField & { written: string; wanted: string; found: string }>(
  {
    code: "suite/path-not-found",
    verdict: "usage",
    explanation: "The suite names a file that is not there. Paths are relative to the folder of the suite.",
    example: {
      location: at,
      path: "model.path",
      written: "models/tiny.gguf",
      wanted: "a file or folder",
      found: "nothing",
    },
  },
  ({ location, path, written, wanted, found }) => ({
    title: `${path} names a path that cannot be used: ${quoted(written)}.`,
    location,
    found: `${found} at ${quoted(written)}`,
    expected: `${wanted}, relative to the folder of the suite`,
    help: ["Correct the path, or put the file there."],
  }),
);

export const tierNeedsTokenIds = message<{
  location: SourceLocation;
  engine: string;
  tier: string;
  caseId: string | null;
}>(
  {
    code: "suite/tier-needs-token-ids",
    verdict: "usage",
    explanation:
      "The tiers bits, tokens and close compare token ids, and this engine gives none. Comparing text only is weaker, so it is used " +
      "only when the suite says so.",
    example: { location: at, engine: "command", tier: "tokens", caseId: null },
  },
  ({ location, engine, tier, caseId }) => ({
    title: `Engine ${engine} gives no token ids, which tier ${tier} needs${caseId === null ? "" : ` (case ${quoted(caseId)})`}.`,
    location,
    found: `tier ${tier} with engine ${engine}`,
    expected: "tier text",
    help: ["Say so in the suite: compare: { tier: text }", "Or use an engine that returns token ids."],
  }),
);

export const closeNeedsRunnerUp = message<AtField>(
  {
    code: "suite/close-needs-runner-up",
    verdict: "usage",
    explanation:
      "Tier close allows outputs to part where two tokens were nearly as likely. To know that, the runner-up's log-probability must be " +
      "recorded too, so `sampling.logprobs` must be at least 2.",
    example: { location: at, path: "sampling.logprobs" },
  },
  ({ location, path }) => ({
    title: `Tier close needs ${path} of 2 or more.`,
    location,
    found: "1",
    expected: "2 or more",
    help: ["Set sampling.logprobs to 2, or leave it out."],
  }),
);

export const suiteFieldsMessages = [
  unknownField,
  missingField,
  wrongValue,
  determinismWithoutDriver,
  movingRevision,
  attachedNeedsUrl,
  onlyForRuntime,
  pathNotFound,
  tierNeedsTokenIds,
  closeNeedsRunnerUp,
];
