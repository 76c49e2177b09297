/** What `init` writes: a suite to edit, prompts that make long outputs, a workflow, the schemas for the editor, and what git must know. */
import { lockJsonSchema, schemaText, suiteJsonSchema } from "./json-schemas.ts";
import { schemaFiles, schemaLine } from "./schema-files.ts";
import { starterAttributes } from "./starter-attributes.ts";
import { type StarterEngine, starterEngines } from "./starter-engines.ts";
import { starterPrompts } from "./starter-prompts.ts";
import { starterWorkflow } from "./starter-workflow.ts";

export interface StarterOptions {
  /** Turned into a name that a suite can have. */
  readonly suiteName: string;
  /** Of the suite, relative to the root of the repository. */
  readonly folder: string;
  readonly engine: StarterEngine;
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

function starterSuite(name: string, engine: StarterEngine): string {
  return `${schemaLine("suite")}
# What is gated and with which prompts. Every field is described in docs/suite.md of Inference Gate.
version: 1
name: ${JSON.stringify(name)}

${starterEngines[engine]}
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
