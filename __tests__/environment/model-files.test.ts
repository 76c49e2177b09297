import { mkdir, mkdtemp, readdir, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { modelFileFacts } from "../../src/environment/model-files.ts";
import { GateError } from "../../src/model/problem.ts";
import type { ProgressEvent } from "../../src/model/progress.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { digestOf } from "../../src/platform/hashing.ts";

let folder: string;
let cacheFolder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "model-"));
  cacheFolder = join(folder, ".cache");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

// An hour later every file has settled; now none has.
const later = { ...systemClock, now: () => Date.now() + 3_600_000 };
const options = (clock = later) => ({
  files: nodeFiles,
  clock,
  cacheFolder,
  signal: new AbortController().signal,
  onProgress: () => {},
});
const read = async (path: string, clock = later) =>
  Object.fromEntries((await modelFileFacts(path, options(clock))).map(({ key, value }) => [key, value]));
const write = async (name: string, text: string) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};
const problemsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GateError)) throw new Error("no GateError");
  return error.problems.map(({ code }) => code);
};

describe("modelFileFacts", () => {
  test("tells digest and size of one file", async () => {
    expect(await read(await write("a.gguf", "weights"))).toEqual({
      "model.file.a.gguf": digestOf("weights"),
      "model.bytes.a.gguf": 7,
    });
  });

  test("of a folder with safetensors passes over the same weights in other formats, wherever they were fetched", async () => {
    await mkdir(join(folder, "model", "onnx"), { recursive: true });
    const names = ["config.json", "model.safetensors", "pytorch_model.bin", "onnx/model.json", "tokenizer.model"];
    for (const name of names) await write(join("model", name), name);
    const keys = Object.keys(await read(join(folder, "model"))).filter((key) => key.startsWith("model.file."));
    expect(keys).toEqual(["model.file.config.json", "model.file.model.safetensors", "model.file.tokenizer.model"]);
    await rm(join(folder, "model", "model.safetensors"));
    expect(await read(join(folder, "model"))).toHaveProperty(["model.file.pytorch_model.bin"]);
  });

  test("tells how far it is with a large file, and ends with the signal's reason", async () => {
    const path = await write("large.gguf", "");
    await truncate(path, 130 << 20);
    const told: ProgressEvent[] = [];
    await modelFileFacts(path, { ...options(), onProgress: (event) => told.push(event) });
    const [totalBytes, step] = [130 << 20, 64 << 20];
    expect(told).toEqual(
      [0, step, 2 * step].map((doneBytes) => ({ kind: "hashing", file: "large.gguf", doneBytes, totalBytes })),
    );
    const stop = new AbortController();
    const reading = modelFileFacts(await write("other.gguf", "x"), {
      ...options(),
      signal: stop.signal,
      onProgress: () => stop.abort(new Error("SIGINT")),
    });
    await expect(reading).rejects.toThrow("SIGINT");
  });

  test("takes every model file of a folder, below it too, and nothing else", async () => {
    await mkdir(join(folder, "vision"));
    await mkdir(join(folder, ".git"));
    for (const name of [
      "model.safetensors",
      "config.json",
      "vision/params.json",
      "README.md",
      "LICENSE.txt",
      ".git/config.json",
      "photo.png",
    ]) {
      await write(name, name);
    }
    const names = Object.keys(await read(folder)).filter((key) => key.startsWith("model.file."));
    expect(names).toEqual(
      ["config.json", "model.safetensors", "vision/params.json"].map((name) => `model.file.${name}`),
    );
  });

  test("follows the links of a model cache to the content", async () => {
    await write("blob", "weights");
    await mkdir(join(folder, "snapshot"));
    await symlink(join(folder, "blob"), join(folder, "snapshot", "model.safetensors"));
    expect(await read(join(folder, "snapshot"))).toMatchObject({ "model.file.model.safetensors": digestOf("weights") });
  });

  test("takes all parts of a split file", async () => {
    const first = await write("m-00001-of-00002.gguf", "1");
    await write("m-00002-of-00002.gguf", "2");
    await write("n-00002-of-00002.gguf", "3");
    expect(Object.keys(await read(first))).toEqual([
      "model.file.m-00001-of-00002.gguf",
      "model.bytes.m-00001-of-00002.gguf",
      "model.file.m-00002-of-00002.gguf",
      "model.bytes.m-00002-of-00002.gguf",
    ]);
  });

  test("names a missing file, a folder without model files, and every broken link at once", async () => {
    expect(await problemsOf(read(join(folder, "none.gguf")))).toEqual(["environment/model-file-unreadable"]);
    expect(await problemsOf(read(folder))).toEqual(["environment/model-folder-empty"]);
    await symlink(join(folder, "gone-1"), join(folder, "a.gguf"));
    await symlink(join(folder, "gone-2"), join(folder, "b.gguf"));
    await write("c.gguf", "c");
    expect(await problemsOf(read(folder))).toEqual([
      "environment/model-file-unreadable",
      "environment/model-file-unreadable",
    ]);
  });
});

describe("the digest cache", () => {
  const planted = digestOf("planted");
  /** Puts another digest into the one cache entry, so that its use can be seen. */
  async function plant(edit: (entry: string) => string): Promise<void> {
    const [name = ""] = await readdir(cacheFolder);
    const entry = (await nodeFiles.readText(join(cacheFolder, name))) ?? "";
    await writeFile(join(cacheFolder, name), edit(entry.replace(/sha256:[0-9a-f]{64}/, planted)));
  }

  test("spares reading a file again that nobody touched", async () => {
    const path = await write("a.gguf", "weights");
    await read(path);
    await plant((entry) => entry);
    expect(await read(path)).toMatchObject({ "model.file.a.gguf": planted });
  });

  test.each<[string, (path: string) => Promise<void>]>([
    ["its content", (path) => writeFile(path, "changed")],
    ["its size", (path) => truncate(path, 3)],
    ["its time only", (path) => utimes(path, 1, 1)],
    [
      "the file under its name",
      async (path) => {
        await rm(path);
        await writeFile(path, "another");
      },
    ],
  ])("is not believed after a change of %s", async (_, change) => {
    const path = await write("a.gguf", "weights");
    await read(path);
    await plant((entry) => entry);
    await change(path);
    const now = (await nodeFiles.readText(path)) ?? "";
    expect(await read(path)).toMatchObject({ "model.file.a.gguf": digestOf(now) });
  });

  test.each<[string, (entry: string) => string]>([
    ["cut in half", (entry) => entry.slice(0, entry.length / 2)],
    ["empty", () => ""],
    ["another thing", () => "[]"],
    ["without a digest", (entry) => entry.replace(planted, "sha256:1")],
  ])("is ignored when it is %s", async (_, damage) => {
    const path = await write("a.gguf", "weights");
    await read(path);
    await plant(damage);
    expect(await read(path)).toMatchObject({ "model.file.a.gguf": digestOf("weights") });
  });

  test("does not remember a file that was written a moment ago: it may be written again within one tick", async () => {
    await read(await write("a.gguf", "weights"), systemClock);
    expect(await nodeFiles.list(cacheFolder)).toEqual([]);
  });

  test("that cannot be written costs nothing but time", async () => {
    const path = await write("a.gguf", "weights");
    await writeFile(cacheFolder, "a file where the folder should be");
    expect(await read(path)).toMatchObject({ "model.file.a.gguf": digestOf("weights") });
  });
});
