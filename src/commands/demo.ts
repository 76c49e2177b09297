/** `demo`: records, checks and plants three drifts on a real llama.cpp server and a small real model. */
import { availableParallelism } from "node:os";
import { claimDemoFolder, forgetGoldens, hasGoldens } from "../demo/demo-folder.ts";
import { type DemoWorkspace, demoWorkspace } from "../demo/demo-workspace.ts";
import { plantedDrifts } from "../demo/planted-drifts.ts";
import type { RealParts } from "../demo/real-parts.ts";
import type { RunVerdict } from "../model/verdict.ts";
import type { Report } from "../report/report.ts";
import { type CheckOptions, check } from "./check.ts";
import { leftoverReason } from "./demo-leftovers.ts";
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
  /** The report whose first split is worth a closer look. */
  closeUp(report: Report): void;
}

/** Verdicts that show the gate at work; the last step counts for each planted drift. */
const failingAsPlanned: readonly RunVerdict[] = ["drift", "environment-changed"];

/** `shown` when every step ended as it should, else the report of the step that did not. Throws GateError for a folder of somebody else. */
export async function demo(
  options: DemoOptions,
  audience: DemoAudience,
  bench: Workbench,
): Promise<{ readonly shown: true } | { readonly shown: false; readonly report: Report }> {
  const { folder } = options;
  await claimDemoFolder(folder);
  const parts = await options.parts();
  if (options.goldens === "forget") await forgetGoldens(folder);
  const keeps = await hasGoldens(folder);
  const workspace = await demoWorkspace({ folder, parts, threads: demoThreads() });

  let failed = await recordAndCheck(workspace, audience, bench);
  const reason = failed === null || !keeps || bench.signal.aborted ? null : leftoverReason(failed);
  if (reason !== null) {
    audience.step({
      title: "Start over",
      text: `What an earlier demo recorded here cannot be used. ${reason} It is forgotten and recorded again.`,
    });
    await forgetGoldens(folder);
    failed = await recordAndCheck(workspace, audience, bench);
  }
  if (failed !== null) return { shown: false, report: failed };

  for (const drift of plantedDrifts) {
    audience.step({ title: drift.title, text: drift.change });
    await drift.plant(workspace);
    try {
      const report = await checkOnce(workspace, drift.show === "close-up" ? "keep-going" : "stop", bench);
      audience.report(report);
      if (!failingAsPlanned.includes(report.verdict)) return { shown: false, report };
      if (drift.show === "close-up") audience.closeUp(report);
    } finally {
      await drift.undo(workspace);
    }
  }
  return { shown: true };
}

/** Threads of llama.cpp wait for each other, very long where they share their cores with others: one core is left free. */
const demoThreads = () => Math.max(1, Math.min(2, availableParallelism() - 1));

/** Null when both ended with a match, else the report of the one that did not. */
async function recordAndCheck(
  workspace: DemoWorkspace,
  audience: DemoAudience,
  bench: Workbench,
): Promise<Report | null> {
  const { suitePath } = workspace;
  audience.step({
    title: "Record goldens",
    text:
      "Two launches, every prompt twice in each: a golden is written only where all four answers agree. " +
      "What an earlier demo recorded here is kept; --fresh forgets it.",
  });
  const transcriptPath = transcriptPathFor(suitePath, "record", bench.clock.now());
  const reason = "inference-gate demo";
  const recording = { suitePath, cases: [], mode: "changed", reason, refusedBy: null, transcriptPath } as const;
  const recorded = await record(recording, bench);
  audience.report(recorded);
  if (recorded.verdict !== "match") return recorded;

  audience.step({ title: "Check against them", text: "Nothing has changed: every token must match." });
  const matching = await checkOnce(workspace, "stop", bench);
  audience.report(matching);
  return matching.verdict === "match" ? null : matching;
}

function checkOnce({ suitePath }: DemoWorkspace, split: CheckOptions["split"], bench: Workbench): Promise<Report> {
  const transcriptPath = transcriptPathFor(suitePath, "check", bench.clock.now());
  return check({ suitePath, cases: [], split, transcriptPath, resume: null }, bench);
}
