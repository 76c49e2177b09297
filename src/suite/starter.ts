/** What `init` writes: a suite to edit, prompts that make long outputs, a workflow, the schemas for the editor, and what git must know. */
import { lockJsonSchema, schemaText, suiteJsonSchema } from "./json-schemas.ts";
import { schemaFiles, schemaLine } from "./schema-files.ts";
import { starterAttributes } from "./starter-attributes.ts";
import { starterPrompts } from "./starter-prompts.ts";
import { starterWorkflow } from "./starter-workflow.ts";

export interface StarterOptions {
  /** Turned into a name that a suite can have. */
  readonly suiteName: string;
  /** Of the suite, relative to the root of the repository. */
  readonly folder: string;
  readonly engine: "llama-cpp" | "openai";
}

export interface StarterFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The suite comes first. */
export function starterFiles({ suiteName, folder, engine }: StarterOptions): readonly StarterFile[] {
  const inFolder = (path: string) => [...folderParts(folder), path].join("/");
  const suitePath = inFolder("suite.yml");
  const prompts = starterPrompts.map(({ id, prompt }) =>
    JSON.stringify({ id, messages: [{ role: "user", content: prompt }] }),
  );
  return [
    { path: suitePath, text: starterSuite(nameFrom(suiteName), engine) },
    { path: inFolder("prompts/starter.jsonl"), text: `${prompts.join("\n")}\n` },
    { path: inFolder(".gitattributes"), text: starterAttributes },
    { path: ".github/workflows/inference-gate.yml", text: starterWorkflow(suitePath) },
    { path: inFolder(schemaFiles.suite), text: schemaText(suiteJsonSchema()) },
    { path: inFolder(schemaFiles.lock), text: schemaText(lockJsonSchema()) },
  ];
}

const folderParts = (folder: string) => folder.split(/[/\\]+/).filter((part) => part !== "" && part !== ".");

function nameFrom(text: string): string {
  const name = text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100)
    .replace(/[.-]+$/, "");
  return name === "" ? "default" : name;
}

const engineParts = {
  "llama-cpp": `# Who runs the engine: "process" starts it here for every run; "attached" uses one that already runs at engine.url.
runtime: process

engine:
  name: llama-cpp
  # The program that serves; without it, llama-server is looked up on PATH.
  # command: [/opt/llama.cpp/llama-server]
  # llama-server's own options. They are part of the contract: change one, and the goldens must be recorded anew.
  args:
    ctx_size: 4096
    # A fixed number: another number of threads adds numbers up in another order, and outputs may differ.
    threads: 4

model:
  name: my-model
  # EDIT: the weight file, relative to this folder. Its digest is measured at every run.
  path: models/my-model.gguf
`,
  openai: `# Who runs the engine: "attached" uses a server that already runs at engine.url; "process" starts engine.command for every run.
runtime: attached

engine:
  name: openai
  # EDIT: where the server listens.
  url: http://127.0.0.1:8000

model:
  # EDIT: the name under which the server serves the model.
  name: org/model
  # The full commit id of the model repository, so that the contract names exactly one set of weights.
  # revision: "0123456789abcdef0123456789abcdef01234567"
`,
} as const;

function starterSuite(name: string, engine: StarterOptions["engine"]): string {
  return `${schemaLine("suite")}
# What is gated and with which prompts. Every field is described in docs/suite.md of Inference Gate.
version: 1
name: ${JSON.stringify(name)}

${engineParts[engine]}
# How tokens are drawn, under the names of vLLM's SamplingParams. What is left out is neutral and is sent all the same.
sampling:
  temperature: 0 # always the likeliest token; with a temperature above 0 the seed decides
  seed: 42
  max_tokens: 512 # long outputs find more: a drift often shows late

# The known prompts: one JSON object a line. Take prompts of your own that look like what your users send.
cases:
  - from: prompts/*.jsonl
  # - id: one-of-mine
  #   messages:
  #     - { role: user, content: "…" }
  #   sampling: { max_tokens: 1024 }

# How strict: bits (every bit of the log-probabilities too), tokens, close, or text (for servers that give no token ids).
compare:
  tier: tokens

# How often \`record\` asks before it believes an answer: at least twice in each of at least two launches.
record:
  launches: 2
  repeats: 2

# In seconds.
timeouts:
  startup_s: 600
  case_s: 600
  stall_s: 120

# Keep digests instead of prompts and outputs in the goldens, for confidential material.
redact: false
`;
}
