/** GitHub's cache service as a small port: a folder goes there under a key, and comes back. It may be absent or refuse, which is information. */
import { z } from "zod";
import { bundleBeside } from "../platform/bundle-beside.ts";
import type { CommandRunner } from "../platform/command-runner.ts";

export type CacheOutcome =
  | { readonly kind: "done" }
  /** There is no cache of this key. */
  | { readonly kind: "nothing" }
  /** No service, no answer, or none that helps; `why` is in plain words. */
  | { readonly kind: "unavailable"; readonly why: string };

/** Neither rejects; both end within seconds. */
export interface CacheService {
  /** Takes the newest cache whose key begins with `prefix`. */
  restore(folder: string, prefix: string): Promise<CacheOutcome>;
  /** A cache is written once: a key that is there already is left as it is. */
  save(folder: string, key: string): Promise<CacheOutcome>;
}

export const cacheProgram = "cache-service.mjs";

const limits = { restoreMs: 10_000, saveMs: 20_000 } as const;

type Environment = { readonly [name: string]: string | undefined };

/** `program` is the absolute path of the cache program; by default the one beside the running bundle. */
export function cacheService(
  env: Environment,
  runner: CommandRunner,
  program: string | null = bundleBeside(cacheProgram, import.meta.url),
): CacheService {
  const run = async (verb: "restore" | "save", folder: string, key: string): Promise<CacheOutcome> => {
    const absent = absence(env);
    if (absent !== null) return { kind: "unavailable", why: absent };
    if (program === null) return { kind: "unavailable", why: `${cacheProgram} is not beside the action` };
    const limitMs = verb === "restore" ? limits.restoreMs : limits.saveMs;
    const { stdout, failure } = await runner.run([process.execPath, program, verb, folder, key], limitMs);
    if (failure === "timeout") return { kind: "unavailable", why: `no answer within ${limitMs / 1000} s` };
    return outcomeOf(stdout);
  };
  return {
    restore: (folder, prefix) => run("restore", folder, prefix),
    save: (folder, key) => run("save", folder, key),
  };
}

/** What a job has when the runner can reach a cache service; a plain `run:` step has none of it. */
function absence(env: Environment): string | null {
  if ((env.ACTIONS_RUNTIME_TOKEN ?? "") === "") return "this step has no token for it";
  const hasAddress = [env.ACTIONS_RESULTS_URL, env.ACTIONS_CACHE_URL].some((url) => (url ?? "") !== "");
  return hasAddress ? null : "there is none here";
}

const told = z.object({
  outcome: z.enum(["restored", "nothing", "saved", "refused", "failed"]),
  why: z.string().optional(),
});

function outcomeOf(stdout: string): CacheOutcome {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  const parsed = told.safeParse(jsonOrNull(last));
  if (!parsed.success) return { kind: "unavailable", why: "it ended without an answer" };
  const { outcome, why } = parsed.data;
  switch (outcome) {
    case "restored":
    case "saved":
      return { kind: "done" };
    case "nothing":
      return { kind: "nothing" };
    case "refused":
      return { kind: "unavailable", why: "the service took nothing, or has it already" };
    case "failed":
      return { kind: "unavailable", why: why ?? "it failed" };
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
