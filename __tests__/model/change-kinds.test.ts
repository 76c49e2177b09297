import { expect, test } from "@jest/globals";
import { factWeight } from "../../src/environment/fact-weights.ts";
import { changeKinds } from "../../src/model/change-kinds.ts";
import type { ChangeWeight } from "../../src/model/fingerprint.ts";

/** A change of this fact, in the group and with the rank that it has in a run. */
const changed = (key: string, weight: ChangeWeight = "breaking") => {
  const { group, rank } = factWeight(key);
  return { key, group, rank, weight };
};

test.each([
  ["model.file.weights.gguf", "weights"],
  ["model.file.model-00001-of-00002.safetensors", "weights"],
  ["model.file.model.safetensors.index.json", "weights"],
  ["model.file.config.json", "model files"],
  ["model.file.tokenizer.json", "tokenizer"],
  ["model.file.vocab.json", "tokenizer"],
  ["model.tokenizer.revision", "tokenizer"],
  ["model.file.chat_template.jinja", "chat template"],
  ["model.chat_template", "chat template"],
  ["engine.file.chat-template-file.template.jinja", "chat template"],
  ["engine.file.mmproj.vision.gguf", "model files"],
  ["model.revision", "model"],
  ["engine.image", "container image"],
  ["engine.version", "engine"],
  ["package.torch", "packages"],
  ["engine.config.model.dtype", "engine settings"],
  ["engine.env.OMP_NUM_THREADS", "environment variables"],
  ["driver.version", "driver"],
  ["gpu.0.compute-capability", "hardware"],
])("a change of %s is one of the %s", (key, kind) => {
  expect(changeKinds([changed(key)])).toEqual([kind]);
});

test("each kind once, the most telling first, and nothing of what is only noted", () => {
  const keys = ["driver.version", "engine.flag.threads", "model.file.a.gguf", "model.file.b.gguf"];
  expect(changeKinds([...keys.map((key) => changed(key)), changed("host.kernel", "noted")])).toEqual([
    "weights",
    "engine settings",
    "driver",
  ]);
});
