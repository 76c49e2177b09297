/** `demo`: records, checks and plants three drifts on a real llama.cpp server and a small real model. */
import { availableParallelism } from "node:os";
import { demoWorkspace } from "../demo/demo-workspace.ts";
import { plantedDrifts } from "../demo/planted-drifts.ts";
import type { RealParts } from "../demo/real-parts.ts";
import type { RunVerdict } from "../model/verdict.ts";
import type { Report } from "../report/report.ts";
import { check } from "./check.ts";
import { record } from "./record.ts";
import { transcriptPathFor } from "./work-folder.ts";
import type { Workbench } from "./workbench.ts";

export interface DemoOptions {
  readonly folder: string;
  readonly goldens: "keep" | "forget";
  /** Fetches server and model, or finds them in the cache. */
  readonly parts: () => Promise<RealParts>;
}

export interface DemoStep {
  readonly title: string;
  /** What is done, in plain words. */
  readonly text: string;
}

/** Told of each step before it runs and of its report after it; nothing is printed here. */
export interface DemoAudience {
  step(step: DemoStep): void;
  report(report: Report): void;
}

/** Verdicts that show the gate at work; the last step counts for each planted drift. */
const failingAsPlanned: readonly RunVerdict[] = ["drift", "environment-changed"];

/** `shown` when every step ended as it should, else the report of the step that did not. */
export async function demo(
  options: DemoOptions,
  audience: DemoAudience,
  bench: Workbench,
): Promise<{ readonly shown: true } | { readonly shown: false; readonly report: Report }> {
  const parts = await options.parts();
  const threads = Math.min(2, availableParallelism());
  const workspace = await demoWorkspace({ folder: options.folder, parts, threads, goldens: options.goldens });
  const { suitePath } = workspace;
  const all = { suitePath, cases: [] };

  const checked = async () => {
    const transcriptPath = transcriptPathFor(suitePath, "check", bench.clock.now());
    const report = await check({ ...all, split: "stop", transcriptPath, resume: null }, bench);
    audience.report(report);
    return report;
  };

  audience.step({
    title: "Record goldens",
    text:
      "Two launches, every prompt twice in each: a golden is written only where all four answers agree. " +
      "What an earlier demo recorded here is kept; --fresh forgets it.",
  });
  const reason = "inference-gate demo";
  const transcriptPath = transcriptPathFor(suitePath, "record", bench.clock.now());
  const recorded = await record({ ...all, mode: "changed", reason, refusedBy: null, transcriptPath }, bench);
  audience.report(recorded);
  if (recorded.verdict !== "match") return { shown: false, report: recorded };

  audience.step({
    title: "Check against them",
    text: "Nothing has changed: every token must match.",
  });
  const matching = await checked();
  if (matching.verdict !== "match") return { shown: false, report: matching };

  for (const drift of plantedDrifts) {
    audience.step({ title: drift.title, text: drift.change });
    await drift.plant(workspace);
    try {
      const report = await checked();
      if (!failingAsPlanned.includes(report.verdict)) return { shown: false, report };
    } finally {
      await drift.undo(workspace);
    }
  }
  return { shown: true };
}
