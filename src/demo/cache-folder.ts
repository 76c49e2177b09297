/** Where downloaded parts are kept from one run to the next. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** Absolute path: `$INFERENCE_GATE_CACHE`, else `$XDG_CACHE_HOME/inference-gate`, else `~/.cache/inference-gate`; a relative XDG path is ignored, as its specification says. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const own = env.INFERENCE_GATE_CACHE;
  if (own !== undefined && own !== "") return resolve(own);
  const xdg = env.XDG_CACHE_HOME;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "inference-gate");
  return join(homedir(), ".cache", "inference-gate");
}
