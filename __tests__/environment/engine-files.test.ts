import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { engineFileFacts } from "../../src/environment/engine-files.ts";
import type { Json } from "../../src/model/json.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { digestOf } from "../../src/platform/hashing.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "engine-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(args: { [name: string]: Json }): Promise<{ [key: string]: unknown }> {
  const options = {
    files: nodeFiles,
    clock: systemClock,
    cacheFolder: join(folder, ".cache"),
    signal: new AbortController().signal,
    onProgress: () => {},
  };
  const facts = await engineFileFacts({ args }, folder, options);
  return Object.fromEntries(facts.map(({ key, value }) => [key, value]));
}

describe("engineFileFacts", () => {
  test("tells the digest of each file that an option names, relative to the suite", async () => {
    for (const name of ["a.gguf", "b.gguf", "chat.jinja"]) await writeFile(join(folder, name), name);
    expect(await read({ lora: ["a.gguf", join(folder, "b.gguf")], chat_template_file: "chat.jinja" })).toEqual({
      "engine.file.lora.a.gguf": digestOf("a.gguf"),
      "engine.file.lora.b.gguf": digestOf("b.gguf"),
      "engine.file.chat-template-file.chat.jinja": digestOf("chat.jinja"),
    });
  });

  test("takes a folder only where a folder can be a model", async () => {
    await mkdir(join(folder, "m"));
    await writeFile(join(folder, "m", "config.json"), "{}");
    expect(await read({ model: "m", download_dir: "m" })).toEqual({
      "engine.file.model.config.json": digestOf("{}"),
    });
  });

  test("leaves alone what names no file", async () => {
    expect(
      await read({ dtype: "bfloat16", seed: 1, flag: true, empty: "", nul: "a\0b", none: null, list: [1] }),
    ).toEqual({});
  });
});
