/** What is committed is what `npm run generate` writes. */
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { generatedFiles } from "../../scripts/generated-files.ts";

describe("generated files", () => {
  test.each(generatedFiles().map(({ path, text }) => [path, text]))(
    "%s is as `npm run generate` writes it",
    async (path, text) => {
      expect(await readFile(path, "utf8")).toBe(text);
    },
  );

  test("schemas/ holds nothing else", async () => {
    const generated = generatedFiles().flatMap(({ path }) => (path.startsWith("schemas/") ? [path.slice(8)] : []));
    expect((await readdir("schemas")).sort()).toEqual(generated.sort());
  });

  test("two runs write the same", () => {
    expect(generatedFiles()).toEqual(generatedFiles());
  });
});
