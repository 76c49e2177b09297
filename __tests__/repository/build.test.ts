/** A bundle has the same bytes wherever it is built, runs by itself, and carries the licence of all it contains. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

// The scripts are plain JavaScript, so that a build needs no build.
const { bundle } = await import("../../scripts/bundle.mjs" as string);
const { licenseText, packageFolders } = await import("../../scripts/licenses.mjs" as string);

const faces = [
  { file: "face.mjs", entry: "src/cli/face.ts" },
  { file: "with-shebang.mjs", entry: "src/cli/with-shebang.ts" },
];
const packages = ["zod", "yaml", "commander", "picocolors", "eventsource-parser"];

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

let base = "";
const distOf = (name: string) => join(base, name, "dist");
const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

/** Builds in a small clone with its own copy of the dependencies, in which an earlier build left a file. */
async function buildIn(name: string): Promise<void> {
  const root = join(base, name);
  for (const dependency of packages) {
    cpSync(join("node_modules", dependency), join(root, "node_modules", dependency), { recursive: true });
  }
  mkdirSync(join(root, "src/cli"), { recursive: true });
  writeFileSync(join(root, "src/cli/face.ts"), face);
  writeFileSync(join(root, "src/cli/with-shebang.ts"), `#!/usr/bin/env node\n${face}`);
  mkdirSync(join(root, "dist"));
  writeFileSync(join(root, "dist/old-face.mjs"), "");
  await bundle(root, join(root, "dist"), faces);
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "build-"));
  await buildIn("one");
  await buildIn("two/deeper");
}, 120_000);
afterAll(() => rmSync(base, { recursive: true }));

describe("the bundle", () => {
  test("has identical bytes from two clones in different folders", () => {
    expect(contents(distOf("two/deeper"))).toEqual(contents(distOf("one")));
  });

  test("is all that the folder holds: what an earlier build left is gone", () => {
    const wanted = faces.flatMap(({ file }) => [file, `${file}.map`]);
    expect(readdirSync(distOf("one")).sort()).toEqual(["THIRD-PARTY-LICENSES.txt", ...wanted].sort());
  });

  test.each(faces.map(({ file }) => file))("%s runs alone, as a program, in English", (file) => {
    const alone = join(base, `alone-${file}`);
    mkdirSync(alone);
    const program = join(alone, file);
    cpSync(join(distOf("one"), file), program);
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

  test("comes with every bundled package's version and licence text", () => {
    const text = readFileSync(join(distOf("one"), "THIRD-PARTY-LICENSES.txt"), "utf8");
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
    for (const [name, license] of Object.entries({ copyleft: "GPL-3.0-only", bare: "ISC" })) {
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

  test("a package that names the MIT licence and brings no file gets its words, under its author's or its own name", () => {
    const root = join(base, "forgetful");
    for (const [name, author] of Object.entries({ signed: "A. Writer", unsigned: undefined })) {
      mkdirSync(join(root, "node_modules", name), { recursive: true });
      const about = { name, version: "1.0.0", license: "MIT", author };
      writeFileSync(join(root, "node_modules", name, "package.json"), JSON.stringify(about));
    }
    const text = licenseText(root, ["node_modules/signed/a.js", "node_modules/unsigned/a.js"]);
    expect(text).toContain("signed 1.0.0 (MIT)\n\nMIT License\n\nCopyright (c) A. Writer\n");
    expect(text).toContain("unsigned 1.0.0 (MIT)\n\nMIT License\n\nCopyright (c) the authors of unsigned\n");
  });
});
