/** `fetch`: brings the suite's model into the Hugging Face cache, in a step that may use the network, before replays that may not. */
import { isCommit, isHubName } from "../hub/cache-layout.ts";
import { type FetchedSnapshot, fetchSnapshot } from "../hub/fetch-snapshot.ts";
import { commitOf, hubOf } from "../hub/hub-api.ts";
import { hubNameBad, hubRevisionMoves } from "../messages/hub.ts";
import { GateError, type SourceLocation } from "../model/problem.ts";
import { loadSuiteFor } from "./load-for-check.ts";
import type { Workbench } from "./workbench.ts";

export interface FetchOptions {
  readonly suitePath: string;
  /** Instead of the suite's model. */
  readonly model: { readonly name: string; readonly revision: string } | null;
  readonly which: "needed" | "all";
  /** HF_ENDPOINT and HF_TOKEN are read from it. */
  readonly env: { readonly [name: string]: string | undefined };
}

export type Fetched =
  | (FetchedSnapshot & { readonly kind: "fetched"; readonly name: string; readonly revision: string })
  /** The suite needs nothing of the hub; `why` is a sentence. */
  | { readonly kind: "nothing"; readonly why: string };

/** Throws GateError: a suite that cannot be loaded, a revision that moves, and every way in which the hub or the disk fails. */
export async function fetchModel(options: FetchOptions, bench: Workbench): Promise<Fetched> {
  const wanted =
    options.model === null ? await ofSuite(options.suitePath, bench) : { ...options.model, location: null };
  if (typeof wanted === "string") return { kind: "nothing", why: wanted };
  const { name, revision, location } = wanted;
  if (!isHubName(name)) throw new GateError([hubNameBad({ name })]);
  const hub = hubOf(options.env, bench.signal);
  if (!isCommit(revision)) {
    const commit = await commitOf(hub, name, revision);
    throw new GateError([hubRevisionMoves({ name, revision, commit, location })]);
  }
  const { hubCache: cacheFolder, clock, onProgress } = bench;
  const snapshot = await fetchSnapshot({ hub, name, revision, cacheFolder, which: options.which, clock, onProgress });
  return { kind: "fetched", name, revision, ...snapshot };
}

interface Wanted {
  readonly name: string;
  readonly revision: string;
  readonly location: SourceLocation | null;
}

/** What the suite needs, or why that is nothing. */
async function ofSuite(suitePath: string, bench: Workbench): Promise<Wanted | string> {
  const { model } = await loadSuiteFor(bench, suitePath);
  if (model === null) return "The suite names no model.";
  const { name, revision, path, source } = model;
  if (path !== null) return "The suite's model is a local file or folder (model.path).";
  if (revision === null) return `The suite gives model ${name} no revision, so it is not read from the cache.`;
  return { name, revision, location: source };
}
