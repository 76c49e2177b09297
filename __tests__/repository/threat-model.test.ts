/** Each claim of the threat model names a test that is there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

interface Claim {
  readonly line: number;
  readonly text: string;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

/** Rows of the tables; their headings and rules are none. */
function claimsOf(markdown: string): readonly Claim[] {
  return markdown.split("\n").flatMap((row, index) => {
    const [, text = "", heldBy = ""] = row.match(/^\| (.+?) \| (.+) \|$/) ?? [];
    if (text === "" || text === "claim") return [];
    const tests = [...heldBy.matchAll(/\]\(\.\.\/(__tests__\/[^)]+)\) “([^”]+)”/g)];
    return [{ line: index + 1, text, tests: tests.map(([, file = "", name = ""]) => ({ file, name })) }];
  });
}

/** What is wrong with a claim, in words. */
function faultsOf({ line, text, tests }: Claim, read: (file: string) => string | null): readonly string[] {
  if (tests.length === 0) return [`line ${line}: no test holds “${text}”`];
  return tests.flatMap(({ file, name }) => {
    const source = read(file);
    if (source === null) return [`line ${line}: no file ${file}`];
    return source.includes(JSON.stringify(name)) ? [] : [`line ${line}: no test “${name}” in ${file}`];
  });
}

const readFile = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : null);

test("every claim names a test that is there", () => {
  const claims = claimsOf(readFileSync(join("docs", "threat-model.md"), "utf8"));
  expect(claims.length).toBeGreaterThan(25);
  expect(claims.flatMap((claim) => faultsOf(claim, readFile))).toEqual([]);
});

describe("a planted fault is caught:", () => {
  const held = "| a claim | [a.test.ts](../__tests__/a.test.ts) “does it” |";
  const faults = (row: string, source: string | null) =>
    claimsOf(`| claim | held by |\n|---|---|\n${row}\n`).flatMap((claim) => faultsOf(claim, () => source));

  test.each([
    ["nothing", held, 'test("does it", () => {});', []],
    ["a test that was renamed", held, 'test("does", () => {});', ["line 3: no test “does it” in __tests__/a.test.ts"]],
    ["a file that is gone", held, null, ["line 3: no file __tests__/a.test.ts"]],
    ["a claim without a test", "| a claim | trust us |", "", ["line 3: no test holds “a claim”"]],
  ])("%s", (_, row, source, found) => {
    expect(faults(row, source)).toEqual(found);
  });
});
