/** docs/suite.md, written from the descriptions in the suite's schema. */
import { z } from "zod";
import { preludeEngines } from "../src/model/determinism.ts";
import { suiteJsonSchema } from "../src/suite/json-schemas.ts";
import { maxFileBytes } from "../src/suite/read-source.ts";

const field = z.looseObject({
  description: z.string().optional(),
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  items: z.unknown().optional(),
  format: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  minItems: z.number().optional(),
  anyOf: z.array(z.unknown()).optional(),
});
type Field = z.infer<typeof field>;

/** The whole page. */
export function suiteReference(): string {
  const root = field.parse(suiteJsonSchema());
  const inside = (...path: string[]) => path.reduce(propertyOf, root);
  const caseItem = field.parse(inside("cases").items);
  const message = field.parse(propertyOf(caseItem, "messages").items);
  return [
    head,
    section("Top level", "", root),
    section("container", containerText, inside("container")),
    section("volumes", "Each item of `volumes` in `container`.", field.parse(inside("container", "volumes").items)),
    section("engine", "", inside("engine")),
    section("model", "", inside("model")),
    section("determinism", determinismText, inside("determinism")),
    section("sampling", samplingText, inside("sampling"), ["seed", "max_tokens"]),
    section("cases", casesText, caseItem, ["id"]),
    section("messages", "Each item of `messages` in a case.", message),
    section("compare", "At the top of the suite, or in a case for that case alone.", inside("compare")),
    section("record", "", inside("record")),
    section("timeouts", "", inside("timeouts")),
    section("environment", "", inside("environment")),
    tail,
  ].join("\n");
}

function propertyOf(parent: Field, name: string): Field {
  return field.parse(parent.properties?.[name]);
}

function section(title: string, text: string, schema: Field, mustBeGiven = schema.required ?? []): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, value]) => {
    const one = field.parse(value);
    const cells = [`\`${name}\``, takes(one), fallback(one, mustBeGiven.includes(name) ? "given" : "open")];
    return `| ${[...cells, one.description ?? ""].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const table = ["| field | takes | when left out | meaning |", "|---|---|---|---|", ...rows].join("\n");
  return [`## ${title}`, "", ...(text === "" ? [] : [text, ""]), table, ""].join("\n");
}

function takes(schema: Field): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => takes(field.parse(one))).join(", ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((name) => `\`${name}\``).join(", ");
  if (schema.type === "boolean") return "`true`, `false`";
  if (schema.type === "string") return schema.format === "uri" ? "URL" : "text";
  if (schema.type === "integer" || schema.type === "number") return range(schema);
  if (schema.type === "array") {
    const items = schema.items === undefined ? null : field.parse(schema.items);
    const noun = items?.type === "string" ? "texts" : items?.type === "integer" ? "whole numbers" : "mappings";
    return `list of ${noun}`;
  }
  return "mapping";
}

function range({ type, minimum, maximum, exclusiveMinimum }: Field): string {
  const noun = type === "integer" ? "whole number" : "number";
  const from =
    exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : minimum === undefined ? "" : `from ${minimum}`;
  const to = maximum === undefined || maximum >= 2 ** 31 - 1 ? "" : `to ${maximum}`;
  return [noun, from, to].filter((part) => part !== "").join(" ");
}

function fallback(schema: Field, presence: "given" | "open"): string {
  const value = schema.default;
  if (value === undefined) return presence === "given" ? "must be given" : "–";
  if (typeof value === "object" && value !== null && Object.keys(value).length === 0)
    return Array.isArray(value) ? "none" : "–";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

const head = `<!-- Written by \`npm run generate\` from src/suite/suite-schema.ts. Do not edit by hand. -->
# Suite reference

A suite says which engine and model are gated, with which prompts, and how strictly. It is the file \`inference-gate/suite.yml\`; \`inference-gate init\`
writes one to start from.

\`\`\`yaml
# yaml-language-server: $schema=schemas/suite.schema.json
version: 1
runtime: process
engine:
  name: llama-cpp
  args: { ctx_size: 4096, threads: 4 }
model: { name: my-model, path: models/my-model.gguf }
sampling: { temperature: 0, seed: 42, max_tokens: 512 }
cases:
  - { id: rivers, messages: [{ role: user, content: "Write an essay on rivers." }] }
  - { id: chat, messages: [{ role: user, content: "Hello!" }], sampling: { max_tokens: 64 } }
  - { from: prompts/*.jsonl }
\`\`\`

Every mistake is reported at once, each with file, line and column, and nothing is launched before the last one is gone (exit code 2). A field that
is not listed here is refused, since it would have no effect. Files are UTF-8 YAML 1.2, at most ${maxFileBytes / 2 ** 20} MiB each; paths are relative to the folder of the
suite.
`;

const determinismText = `For the engines that our drivers run: ${preludeEngines.map((name) => `\`${name}\``).join(", ")}. Each setting is applied before the engine is imported and read back from
Python, torch and the engine after it has started; one that did not take ends the run and is named.`;

const containerText = `How the engine's container is started, with \`runtime: docker\` or \`podman\`. By itself it may nearly nothing: no network but the one to the gate, no
capability, no way to gain privileges, no change of the image's files, and no variable of the gate's environment. [runtimes.md](runtimes.md) tells more.`;

const samplingText = `Names and meaning are those of vLLM's \`SamplingParams\`; each engine translates them. Every field is sent explicitly, also one that is left out here,
so no server's default shapes an output. A field that the engine cannot honour is refused by name. Beside these, an engine's own fields may be given where
the engine allows it, such as \`mirostat\` for llama.cpp; a name that is nearly one of these is refused with the one that was meant.`;

const casesText = `Each item is one case with exactly one of \`prompt\`, \`prompt_token_ids\` and \`messages\`, or names JSONL files with \`from\`. A line of such a file has the same
fields:

\`\`\`json
{"id": "rivers", "messages": [{"role": "user", "content": "Write an essay on rivers."}], "sampling": {"max_tokens": 1024}}
\`\`\``;

const tail = `## What belongs to the contract

The contract of a case is everything declared that can change its output: \`engine\` (without \`url\`, without secrets in \`env\`, and for \`vllm\`, \`vllm-server\` and \`transformers\` without the interpreter, which is the first word of \`command\`), the digest of \`image\`, \`env\` and the targets of \`volumes\` of \`container\`, the name and revision of \`model\`, the content of
\`dependencies\`, the prompt and the complete sampling. When it changes, the golden no longer answers the question that is asked, and must be recorded anew. \`compare\`, \`record\`,
\`timeouts\`, \`environment\`, \`redact\`, \`runtime\` and \`model.path\` are not part of it; what the weight file holds is measured at every run.

The JSON Schema is \`schemas/suite.schema.json\`. \`init\` puts a copy beside the suite, where editors with a YAML language server find it.
`;
