/** Sampling that an engine did not or cannot do as it was told. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const source: SourceLocation = { file: "inference-gate/suite.yml", line: 14, column: 5 };

export const fieldNotTaken = message<{ engine: string; caseId: string; field: string; sent: string; taken: string }>(
  {
    code: "engines/field-not-taken",
    verdict: "error",
    explanation:
      "llama.cpp's server repeats the settings it generated with. One of them is not what was sent: this build does not know the field, " +
      "clamps it, or its command line overrules it. An output made with other settings is not compared.",
    example: { engine: "llama-cpp", caseId: "uk-vs-usa", field: "top_n_sigma", sent: "2", taken: "-1" },
  },
  ({ engine, caseId, field, sent, taken }) => ({
    title: `Engine ${engine} did not take ${field} in case ${caseId}.`,
    found: `${field} ${quoted(taken)}`,
    expected: `${field} ${quoted(sent)}`,
    help: [
      `Choose a value of ${field} that this build honours, or use a build that knows the field.`,
      "If it is a field that the suite does not give, the build is too old or too new: set it in `sampling` by the engine's own name.",
    ],
  }),
);

export const fieldNotHonoured = message<{
  engine: string;
  caseId: string;
  source: SourceLocation;
  field: string;
  server: string;
}>(
  {
    code: "engines/field-not-honoured",
    verdict: "error",
    explanation:
      "The server behind the URL says which kind it is, and that kind is known not to honour this sampling field. It would ignore the field " +
      "without a word, and the outputs would not be what the suite describes.",
    example: { engine: "openai", caseId: "uk-vs-usa", source, field: "min_tokens", server: "llama.cpp" },
  },
  ({ engine, caseId, source: location, field, server }) => ({
    title: `${server} does not honour ${field}, which case ${caseId} gives.`,
    location,
    found: `${field} with engine ${engine} on ${server}`,
    expected: "sampling fields that the server honours",
    help: [`Remove ${field}, or use a server that honours it, such as vLLM.`],
  }),
);

export const seedOutOfRange = message<{ engine: string; caseId: string; seed: number; highest: number }>(
  {
    code: "engines/seed-out-of-range",
    verdict: "error",
    explanation:
      "llama.cpp's seeds have 32 bits, and the highest one means `choose a random seed`. A larger seed would be cut to another one.",
    example: { engine: "llama-cpp", caseId: "uk-vs-usa", seed: 4_294_967_295, highest: 4_294_967_294 },
  },
  ({ engine, caseId, seed, highest }) => ({
    title: `Engine ${engine} cannot use the seed of case ${caseId}.`,
    found: `seed ${seed}`,
    expected: `a whole number from 0 to ${highest}`,
    help: ["Give another seed in `sampling`."],
  }),
);

export const severalSlots = message<{ engine: string; slots: number }>(
  {
    code: "engines/several-slots",
    verdict: "error",
    explanation:
      "The server has more than one slot, so that it may compute several requests in one batch, and the shape of a batch changes results. " +
      "The gate also could not tell whether somebody else is using it.",
    example: { engine: "llama-cpp", slots: 4 },
  },
  ({ engine, slots }) => ({
    title: `The server of engine ${engine} has ${slots} slots.`,
    found: `total_slots ${slots}`,
    expected: "1",
    help: ["Start it with `--parallel 1`."],
  }),
);

export const promptCacheUsed = message<{ engine: string; caseId: string; cached: number }>(
  {
    code: "engines/prompt-cache-used",
    verdict: "error",
    explanation:
      "The server reused a part of an earlier prompt, though it is told not to. A result then depends on which request came before, so " +
      "it cannot be compared.",
    example: { engine: "llama-cpp", caseId: "uk-vs-usa", cached: 31 },
  },
  ({ engine, caseId, cached }) => ({
    title: `Engine ${engine} reused a cached prompt in case ${caseId}.`,
    found: `${cached} prompt tokens from the cache`,
    expected: "0",
    help: [
      engine === "llama-cpp"
        ? "Start the server with `--no-cache-prompt` and `--cache-ram 0`."
        : "Start the server with `--disable-radix-cache`.",
    ],
  }),
);

export const chatPromptInexact = message<{ engine: string; caseId: string; wanted: number }>(
  {
    code: "engines/chat-prompt-inexact",
    verdict: "error",
    explanation:
      "The server renders messages through its chat template, but generates only from text, to which it adds special tokens. No text was found " +
      "that it would tokenise to exactly what its template makes of the messages, so the answer would be one to another prompt.",
    example: { engine: "tgi", caseId: "uk-vs-usa", wanted: 31 },
  },
  ({ engine, caseId, wanted }) => ({
    title: `Engine ${engine} cannot be given the messages of case ${caseId} exactly.`,
    found: "text that the server tokenises otherwise than its chat template does",
    expected: `the ${wanted} token ids of the chat template`,
    help: ["Give the case as a prompt of text, or use an engine that takes token ids, such as vllm-server."],
  }),
);

export const enginesSamplingMessages = [
  fieldNotTaken,
  fieldNotHonoured,
  seedOutOfRange,
  severalSlots,
  promptCacheUsed,
  chatPromptInexact,
];
