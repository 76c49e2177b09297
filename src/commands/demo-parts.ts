/** Where the demo lives and what it brings, from the environment of this process. */
import { join } from "node:path";
import { cacheFolder } from "../demo/cache-folder.ts";
import { type RealParts, realParts } from "../demo/real-parts.ts";
import type { Workbench } from "./workbench.ts";

/** Folder of the demo's suite when none is named. */
export const demoFolder = (env: NodeJS.ProcessEnv) => join(cacheFolder(env), "demo-suite");

/** A real server and a small real model, from the cache or fetched. Throws GateError that says what to install. */
export function demoParts(env: NodeJS.ProcessEnv, bench: Pick<Workbench, "onProgress" | "signal">): Promise<RealParts> {
  return realParts({
    cache: cacheFolder(env),
    platform: `${process.platform}-${process.arch}`,
    env,
    signal: bench.signal,
    onProgress: (text) => bench.onProgress({ kind: "note", text }),
  });
}
