import { describe, expect, test } from "@jest/globals";
import { buildReport } from "../../src/report/build-report.ts";
import { ordinaryDrift } from "./sample-drifts.ts";
import { emptyRun } from "./sample-parts.ts";

const lastStep = (tokensSaved: number) =>
  buildReport({ ...emptyRun, results: [{ ...ordinaryDrift, tokensSaved }] }).next.at(-1);

describe("a drift that is wanted", () => {
  test("is accepted from answers that are whole", () => {
    expect(lastStep(0)).toBe('If it is wanted, take the answers: inference-gate accept --reason "…"');
  });

  test("is checked to its end first where an answer was stopped at its split: that is no golden", () => {
    expect(lastStep(12)).toBe(
      'If it is wanted, check once more with --keep-going, then take the answers: inference-gate accept --reason "…"',
    );
  });
});
