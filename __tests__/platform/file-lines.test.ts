import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { fileLines } from "../../src/platform/file-lines.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "file-lines-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function linesOf(content: string | Buffer): Promise<readonly [number, string, boolean][]> {
  const path = join(folder, "lines");
  await writeFile(path, content);
  const lines: [number, string, boolean][] = [];
  for await (const { number, bytes, isEnded } of fileLines(path)) lines.push([number, bytes.toString("utf8"), isEnded]);
  return lines;
}

describe("the lines of a file", () => {
  test("only a line feed ends a line, and a last one without it is told", async () => {
    expect(await linesOf("a\r\n\n\u2028b\nlast")).toEqual([
      [1, "a\r", true],
      [2, "", true],
      [3, "\u2028b", true],
      [4, "last", false],
    ]);
    expect(await linesOf("a\n")).toEqual([[1, "a", true]]);
    expect(await linesOf("")).toEqual([]);
  });

  test.each([-1, 0, 1])("a line about as long as the buffer (%p) comes whole, and so does the next", async (more) => {
    const long = "é".repeat((1 << 19) + more);
    expect(await linesOf(`first\n${long}\n${long}${long}${long}\nend`)).toEqual([
      [1, "first", true],
      [2, long, true],
      [3, long + long + long, true],
      [4, "end", false],
    ]);
  });

  test("a file that is not there is an error", async () => {
    await expect(fileLines(join(folder, "none")).next()).rejects.toMatchObject({ code: "ENOENT" });
  });
});
