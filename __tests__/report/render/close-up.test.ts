import { expect, test } from "@jest/globals";
import { buildReport } from "../../../src/report/build-report.ts";
import { displayWidth } from "../../../src/report/escape/columns.ts";
import { renderCloseUp } from "../../../src/report/render/close-up.ts";
import { hostileModel, ordinaryDrift } from "../sample-drifts.ts";
import { emptyRun } from "../sample-parts.ts";
import { sampleRuns } from "../sample-runs.ts";

const plain = { color: "none", width: 80, limit: 10 } as const;
const closeUpOf = (name: string) => {
  const run = sampleRuns[name];
  if (run === undefined) throw new Error(`no sample run ${name}`);
  return renderCloseUp(buildReport(run), plain);
};

const split = {
  expected: "the tide, which came in twice a day and took with it whatever nobody had tied to the wall.",
  actual: "the wind\nand the rain, which came in twice a week and took with them whatever was not made of stone.",
};

function longSplit() {
  const { comparison } = ordinaryDrift;
  if (comparison?.divergence == null) throw new Error("the sample has no divergence");
  const { divergence } = comparison;
  const told = {
    ...divergence,
    before: "The old harbour town woke slowly, and the fishermen spoke of",
    expected: { ...divergence.expected, tokenId: 260, logprob: -1.5, margin: 0.25, text: split.expected },
    actual: { ...divergence.actual, tokenId: 2914, logprob: -1.25, margin: -0.125, text: split.actual },
  };
  return buildReport({
    ...emptyRun,
    results: [{ ...ordinaryDrift, comparison: { ...comparison, divergence: told } }],
    diagnoses: [
      { cause: "weights", sentence: "The weights differ.", evidence: ["by 0.2 nats"], cases: [ordinaryDrift.id] },
    ],
  });
}

test("shows both texts whole, the margin in words and the cause with its evidence", () => {
  const text = renderCloseUp(longSplit(), plain) ?? "";
  const rows = text.split("\n");
  const side = (sign: string) => rows.filter((row) => row.startsWith(`  ${sign} │ `)).map((row) => row.slice(6).trim());
  expect(side("-").join(" ")).toBe(split.expected);
  expect(side("+").join(" ")).toBe(split.actual.replace("\n", " "));
  expect(text).toContain("│ …The old harbour town woke slowly, and the fishermen spoke of");
  expect(text).toMatch(/expected +260 +-1\.5000 +0\.2500\n +actual +2914 +-1\.2500 +-0\.1250/);
  expect(text.replace(/\s+/g, " ")).toContain(
    "led the next likely one by 0.25 nats; now the other token was drawn 0.125 nats behind the likeliest",
  );
  expect(text).toMatch(/cause {3}The weights differ\.\n +- by 0\.2 nats\n$/);
  expect(rows.filter((row) => displayWidth(row) > 80)).toEqual([]);
});

test("is silent when no output split inside its text", () => {
  expect(["match", "drift-prompt", "drift-redacted", "usage"].map(closeUpOf)).toEqual([null, null, null, null]);
});

test("takes the case that goes along with its golden for longest", () => {
  const near = { ...hostileModel, id: "near" };
  const text = renderCloseUp(buildReport({ ...emptyRun, results: [near, ordinaryDrift] }), plain);
  expect(text?.startsWith(ordinaryDrift.id)).toBe(true);
});

test("lets nothing of a hostile output through", () => {
  const text = closeUpOf("drift-hostile-output");
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]|^\s*::|##\w*\[/m);
});
