import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { pythonValue } from "./run-python.ts";

const folder = mkdtempSync(join(tmpdir(), "model-files-"));
const weights = join(folder, "model.safetensors");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of the format: length of the header, header, data. https://huggingface.co/docs/safetensors */
function safetensors(header: object, bytes: number): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(bytes)]);
}
const whole = safetensors({ __metadata__: { format: "pt" }, a: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, 8);

const looked = () =>
  pythonValue(`
from inference_gate.model_files import check_folder
from inference_gate.refusal import Refused
try:
    check_folder(${JSON.stringify(folder)}); result = "well"
except Refused as refused: result = [refused.reason, os.path.basename(refused.subject), refused.found, refused.expected]
`);

beforeEach(() => {
  writeFileSync(join(folder, "config.json"), "{}");
  writeFileSync(weights, whole);
  rmSync(join(folder, "model.safetensors.index.json"), { force: true });
});

describe("a model folder", () => {
  test("that is whole is well", () => {
    expect(looked()).toBe("well");
  });

  test("with a weight file that was cut off in its data", () => {
    truncateSync(weights, whole.length - 3);
    const found = `${whole.length - 3} bytes`;
    const expected = `${whole.length} bytes, as its header says`;
    expect(looked()).toEqual(["model-unreadable", "model.safetensors", found, expected]);
  });

  test("with one that was cut off in its header", () => {
    truncateSync(weights, 20);
    expect(looked()).toEqual([
      "model-unreadable",
      "model.safetensors",
      "20 bytes without a whole header",
      "a whole safetensors file",
    ]);
  });

  test.each(["model.safetensors", "pytorch_model.bin", "tokenizer.json"])("with a pointer in place of %s", (name) => {
    const file = join(folder, name);
    writeFileSync(file, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
    const told = ["model-unreadable", name, "a pointer of Git LFS", "the file that it points to"];
    const found = looked();
    rmSync(file);
    expect(found).toEqual(told);
  });

  test("with a header that is none", () => {
    writeFileSync(weights, safetensors([1] as object, 0));
    expect(looked()).toMatchObject({ 2: "a header that is no safetensors header" });
  });

  test("with an index that names a file that is not there", () => {
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: { a: "b.safetensors" } }));
    expect(looked()).toEqual([
      "model-unreadable",
      "b.safetensors",
      "nothing",
      "a file that model.safetensors.index.json names",
    ]);
  });

  test("without a configuration", () => {
    rmSync(join(folder, "config.json"));
    expect(looked()).toMatchObject({ 2: "no config.json" });
  });
});
