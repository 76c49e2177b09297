/** The workbench on a real machine: all engines and runtimes, the host's own probes, the real file system and clock. */
import { join } from "node:path";
import { cacheFolder } from "../demo/cache-folder.ts";
import { engines } from "../engines/registry.ts";
import { hostProbes } from "../environment/host-probes.ts";
import { hubCacheFolder } from "../hub/cache-layout.ts";
import { tool } from "../model/tool.ts";
import { systemClock } from "../platform/clock.ts";
import { nodeCommandRunner } from "../platform/command-runner.ts";
import { nodeFiles } from "../platform/files.ts";
import { nodeGit } from "../platform/git.ts";
import { runtimes } from "../runtimes/registry.ts";
import type { Workbench } from "./workbench.ts";

/** Where digests of large files are remembered; nothing else is in it. */
export const digestFolder = (env: NodeJS.ProcessEnv) => join(cacheFolder(env), "digests");

/** `env` says where caches are kept. */
export function nodeWorkbench(
  parts: Pick<Workbench, "onProgress" | "signal"> & { readonly env: NodeJS.ProcessEnv },
): Workbench {
  const files = nodeFiles;
  const clock = systemClock;
  return {
    files,
    clock,
    git: nodeGit,
    engines,
    runtimes,
    host: hostProbes({
      files,
      clock,
      runner: nodeCommandRunner,
      cacheFolder: digestFolder(parts.env),
      environment: parts.env,
      signal: parts.signal,
      onProgress: parts.onProgress,
    }),
    hubCache: hubCacheFolder(parts.env),
    tool,
    onProgress: parts.onProgress,
    signal: parts.signal,
  };
}
