import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { buildReport } from "../../../src/report/build-report.ts";
import {
  type CommentOptions,
  commentMarker,
  isSameComment,
  renderComment,
} from "../../../src/report/render/comment.ts";
import type { Report } from "../../../src/report/report.ts";
import { hostileText, withEveryText } from "../hostile-report.ts";
import { pageOf } from "../rendered-page.ts";
import { ordinaryDrift } from "../sample-drifts.ts";
import { emptyRun } from "../sample-parts.ts";
import { reportNamed } from "../sample-reports.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "rendered-comment");
const options: CommentOptions = {
  ...{ artifact: "inference-gate-report", outcome: "fails", key: "gate/support-assistant", label: null, turn: "first" },
  ...{ commit: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567", runUrl: "https://github.com/team/model/actions/runs/17" },
};

function drifts(number: number): Report {
  const results = Array.from({ length: number }, (_, index) => ({ ...ordinaryDrift, id: `case-${index}` }));
  return buildReport({ ...emptyRun, results });
}

const written = (report: Report, over: Partial<CommentOptions> = {}) =>
  renderComment(report, { ...options, ...over }) ?? "";

describe("a comment", () => {
  test.each<[string, Report, CommentOptions["turn"]]>([
    ["1-difference", drifts(1), "first"],
    ["60-differences", drifts(60), "again"],
    ["5000-differences", drifts(5000), "again"],
    ["resolved", reportNamed("match"), "again"],
    ["re-records", reportNamed("goldens-changed-in-the-change"), "first"],
    ["not-compared", reportNamed("goldens-not-compared"), "first"],
    ["could-not-run", reportNamed("error-engine-did-not-start"), "first"],
  ])("of %s is as committed (UPDATE_RENDERED=1 writes it anew)", (name, report, turn) => {
    const text = written(report, { turn });
    const file = join(folder, `${name}.md`);
    if (process.env.UPDATE_RENDERED === "1") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, "utf8"));
    expect(text.length).toBeLessThanOrEqual(65_536);
  });

  test("is not written for a match that nobody waits for", () => {
    expect(renderComment(reportNamed("match"), options)).toBeNull();
  });
});

describe("two comments", () => {
  test("are the same for the same findings of another commit, run and duration", () => {
    const one = drifts(2);
    const other = { ...one, durationMs: 99_000, tokens: { ...one.tokens, perSecond: 1 }, transcript: "another.jsonl" };
    const later = { commit: "f".repeat(40), runUrl: "https://github.com/team/model/actions/runs/18" };
    expect(isSameComment(written(one), written(other, later))).toBe(true);
    expect(isSameComment(written(one).replaceAll("\n", "\r\n"), written(other, later))).toBe(true);
  });

  test("differ when a finding does", () => {
    expect(isSameComment(written(drifts(2)), written(drifts(3)))).toBe(false);
    expect(isSameComment(written(drifts(2)), written(reportNamed("match"), { turn: "again" }))).toBe(false);
  });
});

test("hostile text keeps to the limit, becomes no element, mention or link, and never another comment's marker", () => {
  const plain = reportNamed("drift-one-case");
  const shapeOf = (report: Report) => pageOf(written(report)).elements.filter((name) => name !== "strong");
  const shape = shapeOf(withEveryText(plain, "x"));
  fc.assert(
    fc.property(
      hostileText.filter((text) => text.trim() !== ""),
      fc.integer({ min: 1, max: 3000 }),
      (text, times) => {
        const report = withEveryText(plain, text);
        expect(shapeOf(report)).toEqual(shape);
        expect(written(withEveryText(plain, text.repeat(times))).length).toBeLessThanOrEqual(65_536);
        const marker = commentMarker(text);
        expect(marker).toMatch(/^<!-- inference-gate comment [\w.!~*'()%]* -->$/);
        const hostile = written(report, { key: text, label: text, commit: text, runUrl: `no address: ${text}` });
        expect(hostile.startsWith(`${marker}\n`)).toBe(true);
        expect(pageOf(hostile).elements.filter((name) => name !== "strong")).toEqual(
          shape.filter((name) => name !== "a"),
        );
      },
    ),
    { numRuns: 60 },
  );
});
