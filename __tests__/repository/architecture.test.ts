/** The tree obeys the laws, and each law catches a planted breach. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { breaches, type Law } from "./breaches.ts";
import { rooms } from "./laws.ts";
import type { SourceFile } from "./source-file.ts";
import { repositoryFiles } from "./tracked-files.ts";

const sources = repositoryFiles(/^src\/.*\.ts$/);
const dependencies = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).dependencies);

const plant = (path: string, code: string): SourceFile => ({ path, text: `/** Planted. */\n${code}\n` });
const laws = (...files: readonly SourceFile[]): Law[] => breaches(files, dependencies).map(({ law }) => law);

/** Rooms named in a cell of the documentation's table; null for "everything above". */
function importsIn(cell: string): readonly string[] | null {
  if (cell.trim() === "everything above") return null;
  if (cell.trim() === "nothing") return [];
  return cell
    .replace("the Engine and Runtime interfaces", "engines/engine.ts, runtimes/runtime.ts")
    .split(",")
    .map((word) => word.trim());
}

describe("the source tree", () => {
  test("has files to judge", () => {
    expect(sources.length).toBeGreaterThan(30);
  });

  test("breaks no law", () => {
    expect(breaches(sources, dependencies)).toEqual([]);
  });

  test("has the rooms that docs/architecture.md shows, with the same laws", () => {
    const rows = [
      ...readFileSync("docs/architecture.md", "utf8").matchAll(/^\| `src\/(\w+)\/` \|[^|]*\| ([^|]+) \|$/gm),
    ];
    const shown = new Map(rows.map(([, name = "", imports = ""]) => [name, importsIn(imports)]));
    const there = new Set(sources.map(({ path }) => path.split("/")[1] ?? ""));
    expect([...there].filter((name) => !shown.has(name))).toEqual([]);
    for (const [name, imports] of shown) {
      const lawful = (rooms[name]?.mayImport ?? []).filter((target) => there.has(target) || target.includes("/"));
      const above = [...shown.keys()].slice(0, [...shown.keys()].indexOf(name));
      expect({ name, imports: [...(imports ?? above)].sort() }).toEqual({ name, imports: [...lawful].sort() });
    }
  });

  test("has rooms that never import each other in a circle", () => {
    const roomOf = (target: string) => target.split("/")[0] ?? "";
    const circle = (name: string, path: readonly string[]): readonly string[] | null => {
      if (path.includes(name)) return [...path, name];
      for (const target of rooms[name]?.mayImport ?? []) {
        const found = circle(roomOf(target), [...path, name]);
        if (found !== null) return found;
      }
      return null;
    };
    expect(Object.keys(rooms).map((name) => circle(name, []))).toEqual(Object.keys(rooms).map(() => null));
  });
});

describe("a planted breach is caught", () => {
  test.each<[string, Law, string, string]>([
    ["an engine that knows a runtime", "rooms", "src/engines/x.ts", 'import { a } from "../runtimes/process.ts";'],
    ["a type from a forbidden room", "rooms", "src/compare/x.ts", 'import type { A } from "../suite/a.ts";'],
    ["a re-export from a forbidden room", "rooms", "src/model/x.ts", 'export * from "../messages/a.ts";'],
    ["a lazy import from a forbidden room", "rooms", "src/runtimes/x.ts", 'const a = await import("../engines/a.ts");'],
    ["an inline type from a forbidden room", "rooms", "src/model/x.ts", 'type A = import("../suite/a.ts").A;'],
    ["replay that knows one engine", "rooms", "src/replay/x.ts", 'import "../engines/scripted/engine.ts";'],
    ["a way out of the sources", "rooms", "src/suite/x.ts", 'import "../../scripts/build.ts";'],
    ["a room without a law", "rooms", "src/gadgets/x.ts", "export const a = 1;"],
    ["a file outside all rooms", "rooms", "src/x.ts", "export const a = 1;"],
    ["a pure room that reads files", "pure", "src/compare/x.ts", 'import { readFileSync } from "node:fs";'],
    ["a pure room that reads files by the old name", "pure", "src/compare/x.ts", 'import { readFileSync } from "fs";'],
    ["a pure room with a package that has hands", "pure", "src/report/x.ts", 'import { parse } from "yaml";'],
    ["a pure room that reads the clock", "pure", "src/diagnose/x.ts", "export const now = () => Date.now();"],
    [
      "a pure room that reads the clock through a constructor",
      "pure",
      "src/diagnose/x.ts",
      "export const now = () => new Date();",
    ],
    ["a pure room that draws lots", "pure", "src/model/x.ts", "export const lot = () => Math.random();"],
    ["a pure room that reads the environment", "pure", "src/messages/x.ts", "export const home = process.env.HOME;"],
    ["a pure room that uses the network", "pure", "src/report/x.ts", 'export const page = fetch("http://127.0.0.1");'],
    ["a pure room that waits", "pure", "src/audit/x.ts", "setTimeout(() => {}, 1);"],
    [
      "a page that makes markup of text",
      "markup",
      "src/page/x.ts",
      "export const a = (b: Element) => (b.innerHTML = '');",
    ],
    ["a page that fetches", "pure", "src/page/x.ts", 'export const a = fetch("https://a.invalid");'],
    ["a page that knows files", "rooms", "src/page/x.ts", 'import { a } from "../platform/files.ts";'],
    ["GitHub's core package in another room", "homes", "src/publish/x.ts", 'import "@actions/core";'],
    ["a second Octokit", "homes", "src/publish/x.ts", 'import "@octokit/rest";'],
    ["an undeclared package", "declared", "src/suite/x.ts", 'import "left-pad";'],
    ["a package that is only there for development", "declared", "src/suite/x.ts", 'import "esbuild";'],
    ["a file too long to read", "length", "src/suite/x.ts", "export {};\n".repeat(260)],
    ["an entry that does work", "length", "src/cli/main.ts", "export {};\n".repeat(150)],
    ["a name that says nothing", "names", "src/suite/utils.ts", "export {};"],
    ["a folder that says nothing", "names", "src/suite/helpers/x.ts", "export {};"],
  ])("%s", (_name, law, path, code) => {
    expect(laws(plant(path, code))).toContain(law);
  });

  test("a file without a sentence at its head", () => {
    expect(laws({ path: "src/suite/x.ts", text: "export {};\n" })).toEqual(["head"]);
  });

  test("a second place that imports GitHub's core package", () => {
    const [first, second] = ["src/action/a.ts", "src/action/b.ts"].map((path) =>
      plant(path, 'import "@actions/core";'),
    );
    if (first === undefined || second === undefined) throw new Error("not planted");
    expect(laws(first)).not.toContain("homes");
    expect(laws(first, second)).toContain("homes");
  });
});

describe("a lawful file is left alone", () => {
  test.each([
    ["the interfaces that replay drives", "src/replay/x.ts", 'import type { Engine } from "../engines/engine.ts";'],
    ["a schema in a pure room", "src/report/x.ts", 'import { z } from "zod";\nexport const a = z.string();'],
    ["a property that is called like a global", "src/model/x.ts", "export interface A { readonly process: string }"],
    ["a member that is called like a global", "src/model/x.ts", "export const a = (b: { fetch: string }) => b.fetch;"],
    [
      "a text that mentions one",
      "src/messages/x.ts",
      'export const a = "process.env and Date.now()"; // Math.random()',
    ],
    ["a date that is given", "src/report/x.ts", "export const a = (iso: string) => new Date(iso);"],
    [
      "hands where they belong",
      "src/platform/x.ts",
      'import { readFile } from "node:fs/promises";\nvoid readFile; Date.now();',
    ],
  ])("%s", (_name, path, code) => {
    expect(breaches([plant(path, code)], dependencies)).toEqual([]);
  });
});
