/** A bundle has the same bytes wherever it is built, runs by itself, and carries the licence of all it contains. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

// The scripts are plain JavaScript, so that a build needs no build.
const { bundle } = await import("../../scripts/bundle.mjs" as string);
const { licenseText, packageFolders } = await import("../../scripts/licenses.mjs" as string);

const faces = [{ file: "face.mjs", entry: "src/cli/face.ts" }];
const packages = ["zod", "yaml", "commander", "picocolors", "eventsource-parser"];
let base = "";

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "build-"));
});
afterAll(() => rmSync(base, { recursive: true }));

/** A small clone with its own copy of the dependencies. */
function clone(name: string, code: string): string {
  const root = join(base, name);
  mkdirSync(join(root, "src/cli"), { recursive: true });
  for (const dependency of packages)
    cpSync(join("node_modules", dependency), join(root, "node_modules", dependency), { recursive: true });
  writeFileSync(join(root, "src/cli/face.ts"), code);
  return root;
}

const face = [
  'import { Command } from "commander";',
  'import { createParser } from "eventsource-parser";',
  'import colors from "picocolors";',
  'import { parse } from "yaml";',
  'import { z } from "zod";',
  "const schema = z.strictObject({ a: z.int() });",
  'const wrong = schema.safeParse({ a: "one" }).error?.issues[0]?.message;',
  "const words = [new Command('x').name(), typeof createParser, colors.createColors(false).red('r')];",
  "console.log(JSON.stringify([parse('a: 1'), wrong, ...words]));",
].join("\n");

const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

describe("the bundle", () => {
  test("has identical bytes from two clones in different folders, and removes what an earlier build left", async () => {
    const [one, two] = [clone("one", face), clone("two/deeper", face)];
    mkdirSync(join(two, "dist"));
    writeFileSync(join(two, "dist/old-face.mjs"), "");
    await bundle(one, join(one, "dist"), faces);
    await bundle(two, join(two, "dist"), faces);
    expect(Object.keys(contents(join(one, "dist"))).sort()).toEqual([
      "THIRD-PARTY-LICENSES.txt",
      "face.mjs",
      "face.mjs.map",
    ]);
    expect(contents(join(two, "dist"))).toEqual(contents(join(one, "dist")));
  });

  test("runs alone, as a program, in English", async () => {
    const root = clone("alone", `#!/usr/bin/env node\n${face}`);
    await bundle(root, join(root, "dist"), faces);
    const program = join(root, "dist/face.mjs");
    rmSync(join(root, "node_modules"), { recursive: true });
    expect(statSync(program).mode & 0o111).toBe(0o111);
    expect(readFileSync(program, "utf8").match(/#!\/usr\/bin\/env node/g)).toHaveLength(1);
    const done = spawnSync(process.execPath, [program], { encoding: "utf8" });
    expect(done.stderr).toBe("");
    expect(JSON.parse(done.stdout)).toEqual([
      { a: 1 },
      "Invalid input: expected number, received string",
      "x",
      "function",
      "r",
    ]);
  });

  test("names every bundled package with version and licence text", async () => {
    const root = clone("licences", face);
    await bundle(root, join(root, "dist"), faces);
    const text = readFileSync(join(root, "dist/THIRD-PARTY-LICENSES.txt"), "utf8");
    for (const name of packages) {
      const { version, license } = JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8"));
      expect(text).toContain(`${name} ${version} (${license})\n\n`);
    }
    expect(text).toMatch(/permission is hereby granted/i);
  });
});

describe("licences", () => {
  test("the package of a nested, scoped file is found", () => {
    expect(packageFolders(["src/a.ts", "node_modules/a/b/c.js", "node_modules/a/node_modules/@s/t/d.js"])).toEqual([
      "node_modules/a",
      "node_modules/a/node_modules/@s/t",
    ]);
  });

  test("a package under another licence and one without its text stop the build, both named", () => {
    const root = join(base, "foreign");
    for (const [name, license] of Object.entries({ copyleft: "GPL-3.0-only", bare: "MIT" })) {
      mkdirSync(join(root, "node_modules", name), { recursive: true });
      writeFileSync(
        join(root, "node_modules", name, "package.json"),
        JSON.stringify({ name, version: "1.0.0", license }),
      );
    }
    writeFileSync(join(root, "node_modules/copyleft/LICENSE"), "text");
    const inputs = ["node_modules/copyleft/a.js", "node_modules/bare/a.js"];
    expect(() => licenseText(root, inputs)).toThrow(
      /bare 1\.0\.0: no licence file[\s\S]*copyleft 1\.0\.0: licence GPL-3\.0-only/,
    );
  });
});
