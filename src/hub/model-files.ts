/** The model of a suite as files of this machine, resolved before anything is launched. */
import { modelIncomplete, modelNotCached } from "../messages/hub.ts";
import { GateError } from "../model/problem.ts";
import type { EngineName, Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import { cachedSnapshot } from "./cached-snapshot.ts";

/** Engines that are told their model by a command of the user's, or that have none. */
const ownModel: readonly EngineName[] = ["scripted", "command", "openai", "llama-cpp"];

/** Variables with which an engine and its libraries ask nobody for a file and tell nobody anything. */
export const offlineEnvironment: { readonly [name: string]: string } = {
  HF_HUB_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
  HF_DATASETS_OFFLINE: "1",
  HF_HUB_DISABLE_TELEMETRY: "1",
  DO_NOT_TRACK: "1",
  VLLM_NO_USAGE_STATS: "1",
};

/** Whether the suite's model comes from the hub's cache: named by a commit, and not by a path. */
export function isFromHub(suite: Pick<Suite, "model" | "engine" | "runtime">): boolean {
  const { model, engine, runtime } = suite;
  return (
    model !== null &&
    model.path === null &&
    model.revision !== null &&
    runtime !== "attached" &&
    !ownModel.includes(engine.name)
  );
}

/**
 * The suite with `model.path` at the snapshot in the cache, which engines mount or open like any local folder; a suite whose model is
 * not from the hub as it is. Throws GateError that names the missing files and how to fetch them.
 */
export async function withModelFiles(suite: Suite, cacheFolder: string): Promise<Suite> {
  const { model } = suite;
  if (model === null || model.revision === null || !isFromHub(suite)) return suite;
  const { name, revision, source } = model;
  const found = await cachedSnapshot(cacheFolder, name, revision);
  if (found.kind === "found") return { ...suite, model: { ...model, path: found.folder } };
  const about = { name, revision, location: source, suite: displayPath(suite.path) };
  throw new GateError([
    found.kind === "absent"
      ? modelNotCached({ ...about, cacheFolder: displayPath(cacheFolder), others: found.others })
      : modelIncomplete({ ...about, folder: displayPath(found.folder), missing: found.missing }),
  ]);
}
