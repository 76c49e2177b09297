/** From inputs to a report: admission first, then the verb that was asked for. One report in every path. */

import { dirname, resolve } from "node:path";
import { check } from "../commands/check.ts";
import type { BaseWish } from "../commands/golden-changes.ts";
import { record } from "../commands/record.ts";
import { reporting } from "../commands/reporting.ts";
import { transcriptPathFor } from "../commands/work-folder.ts";
import type { Workbench } from "../commands/workbench.ts";
import { readEvent } from "../github/event.ts";
import { GateError } from "../model/problem.ts";
import type { Report } from "../report/report.ts";
import { foldersOf, refusalsOf } from "./admission.ts";
import { gitHubScene } from "./github-scene.ts";
import type { Inputs } from "./inputs.ts";
import { withSharedDigests } from "./with-shared-digests.ts";

/** `root` is that of the repository. Changes the working directory and HF_HUB_CACHE of this process where inputs say so. */
export async function run(inputs: Inputs, root: string, env: NodeJS.ProcessEnv, bench: Workbench): Promise<Report> {
  const { mode, suite: suitePath, cases, runtime } = inputs;
  let { hubCache } = bench;
  const admitted = await reporting({ command: mode, suitePath }, bench, async () => {
    hubCache = (await admit(inputs, root, env, bench)) ?? hubCache;
  });
  if (admitted.problems.length > 0) return admitted;
  const there = { ...bench, hubCache };
  const transcriptPath = transcriptPathFor(suitePath, mode, bench.clock.now());
  const base = await baseOf(inputs, env, bench);
  const common = { suitePath, cases, runtime, transcriptPath };
  return withSharedDigests(env, there, () =>
    mode === "check"
      ? check({ ...common, split: inputs["keep-going"] ? "keep-going" : "stop", resume: null, base }, there)
      : record({ ...common, mode: inputs["record-mode"], reason: inputs.reason, refusedBy: null }, there),
  );
}

/** What a pull request is to be merged into. Where a policy was asked for it must be there; else its absence is a warning. */
async function baseOf(inputs: Inputs, env: NodeJS.ProcessEnv, { signal }: Workbench): Promise<BaseWish | null> {
  const { baseSha: ref, client: gitHub } = await gitHubScene(inputs["github-token"], env, signal);
  if (ref === null) return null;
  const policy = inputs["accept-changes"];
  return { ref, gitHub, policy: policy ?? "with-reason", absent: policy === null ? "warned" : "refused" };
}

/** Resolves to the Hugging Face cache that an input names, or null. Throws GateError with everything that speaks against running. */
async function admit(
  inputs: Inputs,
  root: string,
  env: NodeJS.ProcessEnv,
  { files }: Workbench,
): Promise<string | null> {
  const { working, hfCache, problems } = await foldersOf(inputs, root, files);
  const event = await readEvent(env, files, dirname(resolve(working, inputs.suite)));
  const refused = [...refusalsOf(event, inputs), ...problems];
  if (refused.length > 0) throw new GateError(refused);
  process.chdir(working);
  // Engines that find models by themselves go by the variable.
  if (hfCache !== null) env.HF_HUB_CACHE = hfCache;
  return hfCache;
}
