/** What changed in an environment, named by kind: the weights, the chat template, the driver, not "the environment". */
import type { EnvironmentChange, FactGroup } from "./fingerprint.ts";

const kindOfGroup = {
  model: "model",
  image: "container image",
  engine: "engine",
  packages: "packages",
  settings: "engine settings",
  variables: "environment variables",
  hardware: "hardware",
  machine: "machine",
} as const satisfies Record<FactGroup, string>;

/** Within a group, by key: the first that fits. */
const kindsOfKeys: readonly (readonly [RegExp, string])[] = [
  [/chat[-_.]?template/i, "chat template"],
  [/^model\..*(?:tokenizer|vocab|merges)/i, "tokenizer"],
  [/^model\.file\..*\.(?:gguf|safetensors|bin|pth?)(?:\.|$)/i, "weights"],
  [/^(?:model|engine)\.file\./, "model files"],
  [/^driver\./, "driver"],
];

/** Kinds of the breaking changes, the most telling first, each once. */
export function changeKinds(changes: readonly Pick<EnvironmentChange, "key" | "group" | "weight" | "rank">[]) {
  const breaking = changes.filter(({ weight }) => weight === "breaking").toSorted((a, b) => a.rank - b.rank);
  return [...new Set(breaking.map(({ key, group }) => kindOf(key, group)))];
}

const kindOf = (key: string, group: FactGroup) =>
  kindsOfKeys.find(([pattern]) => pattern.test(key))?.[1] ?? kindOfGroup[group];
