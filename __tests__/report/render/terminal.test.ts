import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { buildReport } from "../../../src/report/build-report.ts";
import { displayWidth } from "../../../src/report/escape/columns.ts";
import { renderReport } from "../../../src/report/render/terminal.ts";
import type { Report } from "../../../src/report/report.ts";
import { hostileText, withEveryText } from "../hostile-report.ts";
import { sampleRuns } from "../sample-runs.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "rendered");
const updating = process.env.UPDATE_RENDERED === "1";
const plain = { color: "none", width: 100, limit: 10 } as const;
const names = Object.keys(sampleRuns);

const reportOf = (name: string): Report => {
  const run = sampleRuns[name];
  if (run === undefined) throw new Error(`no sample run ${name}`);
  return buildReport(run);
};
const withoutColours = (text: string) => text.replace(/\x1b\[[0-9;]*m/g, "");

describe("rendered reports", () => {
  test.each(names)("%s is as committed (UPDATE_RENDERED=1 writes it anew)", (name) => {
    const file = join(folder, `${name}.txt`);
    const text = renderReport(reportOf(name), plain);
    if (updating) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  test("has no committed file without a sample", () => {
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.txt`).sort());
  });

  test.each(names)("%s in colours says the same", (name) => {
    const report = reportOf(name);
    const coloured = renderReport(report, { ...plain, color: "ansi" });
    expect(withoutColours(coloured)).toBe(renderReport(report, plain));
    expect(coloured).toMatch(/\x1b\[1;3[123]m/);
  });

  test.each(names)("%s fits 60 columns but for commands and paths to copy", (name) => {
    const lines = renderReport(reportOf(name), { ...plain, width: 60 }).split("\n");
    const toCopy = /inference-gate|--json|\.inference-gate|\(nothing/;
    expect(lines.filter((line) => displayWidth(line) > 60 && !toCopy.test(line))).toEqual([]);
  });
});

describe("hostile text", () => {
  test("never reaches the terminal or the runner, wherever it stands", () => {
    const drift = reportOf("drift-one-case");
    const changed = reportOf("environment-changed");
    const failed = reportOf("error-in-a-case");
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const report of [drift, changed, failed].map((one) => withEveryText(one, text))) {
          const shown = withoutColours(renderReport(report, { ...plain, color: "ansi" }));
          expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]/);
          for (const line of shown.split("\n")) {
            expect(line.trimStart().startsWith("::")).toBe(false);
            expect(line).not.toMatch(/##\w*\[/);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("long lists", () => {
  test("are cut at the limit and say how much is left", () => {
    const text = renderReport(reportOf("drift-many-cases"), { ...plain, limit: 2 });
    expect(text).toContain("… 12 more in the JSON report (--json <file>)");
    expect(text).toContain("uk-vs-usa-2");
    expect(text.match(/- expected │/g)).toHaveLength(2);
  });
});
