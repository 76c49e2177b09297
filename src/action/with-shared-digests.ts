/** Runs with the digests of weight files that other runners of this repository have measured, where GitHub's cache service has them. */
import { digestFolder } from "../commands/node-workbench.ts";
import type { Workbench } from "../commands/workbench.ts";
import { cacheService } from "../github/cache-service.ts";
import { sharedDigests } from "../github/shared-digests.ts";
import { nodeCommandRunner } from "../platform/command-runner.ts";

/** A service that is absent or refuses costs nothing and is not told: digests are then measured again. */
export async function withSharedDigests<T>(
  env: NodeJS.ProcessEnv,
  { files, signal, onProgress }: Workbench,
  work: () => Promise<T>,
): Promise<T> {
  const digests = sharedDigests({
    folder: digestFolder(env),
    platform: `${process.platform}-${process.arch}`,
    files,
    service: cacheService(env, nodeCommandRunner),
  });
  const taken = await digests.take();
  if (taken.kind === "done") onProgress({ kind: "note", text: "Took digests of weight files from GitHub's cache" });
  const result = await work();
  if (!signal.aborted) await digests.give();
  return result;
}
