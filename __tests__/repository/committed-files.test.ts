/** What is committed is free of one machine's marks, and its links lead somewhere. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { foreignMarks, type Mark } from "./foreign-marks.ts";
import { anchorsOf, brokenLinks } from "./markdown-links.ts";
import { repositoryFiles, repositoryPaths } from "./tracked-files.ts";

const text = /\.(?:ts|mjs|js|json|jsonl|md|ya?ml|py|sh|txt|map|jinja|toml|xml)$|(?:^|\/)(?:run|LICENSE|\.[a-z]+)$/;

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

describe("committed files", () => {
  test("carry no mark of one machine, one registry or one moment", () => {
    // Fixtures are real outputs of other machines, kept as they were.
    const files = repositoryFiles(text).filter(({ path }) => !path.startsWith("__tests__/fixtures/"));
    expect(files.length).toBeGreaterThan(50);
    expect(foreignMarks(files)).toEqual([]);
  });

  test("do not contain the path of this clone", () => {
    const clone = process.cwd();
    const telling = repositoryFiles(text).filter((file) => file.text.includes(`${clone}/`) && clone !== homedir());
    expect(telling.map(({ path }) => path)).toEqual([]);
  });

  test("the package lock names packages by digest, not by a registry's address", () => {
    const packages: Record<string, LockedPackage> = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
    const entries = Object.entries(packages).filter(([path]) => path !== "");
    expect(entries.length).toBeGreaterThan(50);
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
    // A registry that mirrors one platform only cannot tell the digests of the others' optional packages.
    const isForHere = ({ optional, os, cpu, libc }: LockedPackage) =>
      optional !== true ||
      ((os ?? ["linux"]).includes("linux") &&
        (cpu ?? ["x64"]).includes("x64") &&
        (libc ?? ["glibc"]).includes("glibc"));
    expect(
      entries.filter(([, entry]) => entry.integrity === undefined && isForHere(entry)).map(([path]) => path),
    ).toEqual([]);
  });

  test("link only to files and headings that are there", () => {
    expect(brokenLinks(repositoryFiles(/\.md$/), new Set(repositoryPaths()))).toEqual([]);
  });
});

describe("a planted mark is caught", () => {
  test.each<[string, Mark["what"], string]>([
    ["a registry", "a package registry", `see https://${["pypi", "org"].join(".")}/project/x`],
    ["a home folder", "a path of one machine", ["const a = '", "home", "mia", "model.gguf'"].join("/")],
    ["the root user's folder", "a path of one machine", ["path: ", "root", "x"].join("/")],
    ["a macOS home folder", "a path of one machine", ['"', "Users", "mia", 'x"'].join("/")],
    ["a scratch folder", "a path of one machine", ["(", "tmp", "parts", "py", "x)"].join("/")],
    ["work left for later", "work left for later", `// ${"TO"}DO: mend`],
  ])("%s", (_name, what, line) => {
    expect(foreignMarks([{ path: "docs/x.md", text: `one\n${line}\n` }])).toMatchObject([{ line: 2, what }]);
  });

  test.each([
    ["a path on GitHub's runners", ["", "home", "runner", "work"].join("/")],
    ["a route that looks like a path", ["GET https://example.invalid", "home", "mia", "x"].join("/")],
    ["a relative path", ["docs", "home", "mia", "x"].join("/")],
  ])("%s is none", (_name, line) => {
    expect(foreignMarks([{ path: "docs/x.md", text: line }])).toEqual([]);
  });
});

describe("Markdown links", () => {
  const page = {
    path: "docs/a.md",
    text: "# One `two`, three!\n## One two three\n```\n# no heading\n[no](link.md)\n```\n",
  };

  test("headings become anchors as on GitHub", () => {
    expect([...anchorsOf(page.text)]).toEqual(["one-two-three", "one-two-three-1"]);
  });

  test.each([
    ["a missing file", "[x](b.md)", ["docs/c.md: b.md"]],
    ["a missing heading", "[x](a.md#four)", ["docs/c.md: a.md#four"]],
    ["a heading of its own that is missing", "# Here\n[x](#there)", ["docs/c.md: #there"]],
    [
      "a file, a heading, a folder and another site",
      "[x](a.md) [y](a.md#one-two-three-1) [z](../docs/) [w](https://a.invalid)",
      [],
    ],
    ["a link in a code span", "`[x](b.md)`", []],
  ])("%s", (_name, content, broken) => {
    const other = { path: "docs/c.md", text: content };
    expect(brokenLinks([page, other], new Set(["docs/a.md", "docs/c.md"]))).toEqual(broken);
  });
});
