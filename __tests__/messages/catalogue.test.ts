import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { catalogue, codesLike, explanationOf } from "../../src/messages/catalogue.ts";
import { exitCodeExplanation } from "../../src/messages/exit-code-explanations.ts";
import type { Message } from "../../src/messages/message.ts";
import { caseVerdicts, exitCodes, runVerdicts } from "../../src/model/verdict.ts";
import { problemsReport } from "../../src/report/build-report.ts";
import { renderProblems } from "../../src/report/render/terminal.ts";

const here = dirname(fileURLToPath(import.meta.url));
const isMessage = (value: unknown): value is Message<unknown> => typeof value === "function" && "example" in value;
const entries: readonly unknown[] = catalogue;
const messages = entries.filter(isMessage);

function gallery(): string {
  return messages
    .map((message) => {
      const run = {
        command: "check",
        tool: "inference-gate",
        startedAt: "2026-11-23T10:00:00.000Z",
        durationMs: 0,
      } as const;
      const { problems, exitCode } = problemsReport(run, [message(message.example)]);
      const shown = renderProblems(problems, { color: "none", width: 100, limit: 10 });
      return `${"─".repeat(40)} ${message.code} · exit ${exitCode}\n\n${shown}\n`;
    })
    .join("");
}

describe("the catalogue", () => {
  test("holds every message that any file of the room exports", async () => {
    const folder = join(here, "..", "..", "src", "messages");
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    const modules = await Promise.all(files.map((name) => import(pathToFileURL(join(folder, name)).href)));
    const exported = new Set(modules.flatMap((module) => Object.values<unknown>(module)).filter(isMessage));
    expect(new Set(messages)).toEqual(exported);
    expect(messages.length).toBeGreaterThan(100);
  });

  test("knows each code once", () => {
    const codes = messages.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  test("is shown in the gallery as committed (UPDATE_RENDERED=1 writes it anew)", () => {
    const file = join(here, "gallery.txt");
    const text = gallery();
    if (process.env.UPDATE_RENDERED === "1") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  });
});

describe("explanations", () => {
  test.each(messages.map(({ code }) => code))("%s can be explained", (code) => {
    expect(explanationOf(code)?.join("\n").length).toBeGreaterThan(code.length + 40);
  });

  test("an unknown code has none", () => {
    expect(explanationOf("suite/no-such-code")).toBeNull();
  });

  test.each([
    ["golden-missing", "commands/golden-missing"],
    ["replay/case-timeuot", "replay/case-timeout"],
    ["golden-mising", "commands/golden-missing"],
    ["REPORT/NOT-JSON", "report/not-json"],
  ])("%s offers %s first", (target, code) => {
    expect(codesLike(target)[0]).toBe(code);
  });

  test.each(["", "x", "no such thing at all", "x".repeat(5000)])("%j offers nothing", (target) => {
    expect(codesLike(target)).toEqual([]);
  });
});

describe("exit codes", () => {
  test.each(runVerdicts)("%s is explained by name and by number", (verdict) => {
    const lines = exitCodeExplanation(verdict);
    expect(lines?.[0]).toBe(`${verdict}: exit code ${exitCodes[verdict]}`);
    expect(exitCodeExplanation(String(exitCodes[verdict]))).toEqual(lines);
  });

  test.each(caseVerdicts)("a case's verdict %s is explained", (verdict) => {
    expect(exitCodeExplanation(verdict)?.length).toBeGreaterThan(2);
  });

  test.each(["6", "-1", "toString", "", "Drift!"])("%j is none", (target) => {
    expect(exitCodeExplanation(target)).toBeNull();
  });

  test("the documentation tells the same table", () => {
    const page = readFileSync(join(here, "..", "..", "docs", "exit-codes.md"), "utf8");
    for (const verdict of runVerdicts) expect(page).toContain(`| ${exitCodes[verdict]} | \`${verdict}\` |`);
    for (const verdict of caseVerdicts) expect(page).toContain(`\`${verdict}\``);
  });
});
