import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { claimDemoFolder, forgetGoldens, hasGoldens } from "../../src/demo/demo-folder.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "demo-folder-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const names = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

describe("claimDemoFolder", () => {
  test("makes a folder, and takes it again when there is more in it", async () => {
    const folder = join(root, "new", "deep");
    await claimDemoFolder(folder);
    writeFileSync(join(folder, "suite.yml"), "version: 1\n");
    await claimDemoFolder(folder);
    expect(names(folder)).toEqual([".inference-gate-demo", "suite.yml"]);
  });

  test("takes an empty folder", async () => {
    const folder = join(root, "empty");
    mkdirSync(folder);
    await claimDemoFolder(folder);
    expect(names(folder)).toEqual([".inference-gate-demo"]);
  });

  test.each([
    ["somebody's suite and goldens", ["suite.yml", "goldens"], /^2 entries: "goldens", "suite.yml"$/],
    ["one file", ["notes.txt"], /^1 entry: "notes.txt"$/],
    ["a mark that another program wrote", [".inference-gate-demo"], /^1 entry: ".inference-gate-demo"$/],
  ])("refuses a folder with %s, and touches nothing", async (what, entries, found) => {
    const folder = join(root, what.replaceAll(" ", "-"));
    mkdirSync(folder);
    for (const entry of entries) writeFileSync(join(folder, entry), "mine");
    await expect(claimDemoFolder(folder)).rejects.toMatchObject({
      problems: [{ code: "demo/folder-not-ours", verdict: "usage", found: expect.stringMatching(found) }],
    });
    expect(names(folder)).toEqual([...entries].sort());
  });

  test("refuses a file", async () => {
    const file = join(root, "file");
    writeFileSync(file, "mine");
    await expect(claimDemoFolder(file)).rejects.toMatchObject({ problems: [{ found: "a file" }] });
  });
});

describe("what was recorded", () => {
  test.each([
    ["goldens/cpu/one.json"],
    ["suite.lock.yml"],
    [".inference-gate/journal.json"],
    [".inference-gate/staging/1"],
  ])("%s is seen and forgotten, and nothing else is", async (path) => {
    const folder = mkdtempSync(join(root, "recorded-"));
    writeFileSync(join(folder, "suite.yml"), "version: 1\n");
    mkdirSync(join(folder, ".inference-gate", "record-lock"), { recursive: true });
    expect(await hasGoldens(folder)).toBe(false);
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), "x");
    expect(await hasGoldens(folder)).toBe(true);
    await forgetGoldens(folder);
    expect(await hasGoldens(folder)).toBe(false);
    expect(names(folder)).toEqual([".inference-gate", ".inference-gate/record-lock", "suite.yml"]);
  });

  test("that is a link elsewhere is unlinked, and what it led to stays", async () => {
    const folder = mkdtempSync(join(root, "linked-"));
    const elsewhere = mkdtempSync(join(root, "elsewhere-"));
    writeFileSync(join(elsewhere, "mine.json"), "mine");
    symlinkSync(elsewhere, join(folder, "goldens"));
    await forgetGoldens(folder);
    expect([names(folder), names(elsewhere)]).toEqual([[], ["mine.json"]]);
  });
});
