import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type CaseId, parseCaseId } from "../../src/model/case.ts";
import type { Completion } from "../../src/model/completion.ts";
import { type KeptAnswers, keptAnswers } from "../../src/replay/kept-answers.ts";

const idOf = (text: string): CaseId => {
  const id = parseCaseId(text);
  if (id === null) throw new Error(text);
  return id;
};
const [first, second] = [idOf("first"), idOf("second")];

const answer = (text: string): Completion => ({
  promptTokenIds: Uint32Array.of(1, 2),
  tokenIds: Uint32Array.of(0, 0xffff_fffe),
  logprobs: Float32Array.of(-0, Number.NaN),
  margins: Float32Array.of(1e-40, Number.POSITIVE_INFINITY),
  textEnds: Uint32Array.of(1, text.length),
  text,
  outputDigest: null,
  finishReason: "length",
});
const nothing: Completion = {
  ...{ promptTokenIds: null, tokenIds: null, logprobs: null, margins: null, textEnds: null },
  ...{ text: "", outputDigest: null, finishReason: "stop" },
};

let folder: string;
let kept: KeptAnswers;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kept-answers-"));
  kept = keptAnswers(folder);
});
afterEach(async () => {
  await kept.close();
  await rm(folder, { recursive: true });
});

describe("answers that are kept on the disk", () => {
  test("come back with every bit, in any order and as often as they are asked for", async () => {
    const strange = "half a pair \ud83d, a whole one 🧪, a zero \0 and a line\n";
    await kept.keep(first, answer(strange));
    await kept.keep(second, nothing);
    for (const _ of [1, 2]) {
      expect(await kept.read(second)).toStrictEqual(nothing);
      expect(await kept.read(first)).toStrictEqual(answer(strange));
    }
    expect(Object.is((await kept.read(first))?.logprobs?.[0], -0)).toBe(true);
  });

  test("are replaced by a later one of the same case", async () => {
    await kept.keep(first, answer("the earlier one, which is longer"));
    await kept.keep(first, answer("later"));
    expect(await kept.read(first)).toStrictEqual(answer("later"));
  });

  test("of a case that has none are null", async () => {
    expect(await kept.read(first)).toBeNull();
    await kept.keep(second, nothing);
    expect(await kept.read(first)).toBeNull();
  });

  test("have no name in the folder, so that a kill leaves nothing", async () => {
    await kept.keep(first, answer("x"));
    expect(await readdir(folder)).toEqual([]);
  });

  test("are gone once they are closed", async () => {
    await kept.keep(first, answer("x"));
    await kept.close();
    expect(await kept.read(first)).toBeNull();
  });

  test("that cannot be kept say which file could not be written", async () => {
    const inFile = join(folder, "file");
    await writeFile(inFile, "");
    const nowhere = keptAnswers(join(inFile, "state"));
    await expect(nowhere.keep(first, nothing)).rejects.toMatchObject({
      code: "ENOTDIR",
      path: expect.stringContaining(inFile),
    });
  });
});
