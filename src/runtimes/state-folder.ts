/** The folder in which launches are written down, so that a later run can end what a killed one left. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** `$INFERENCE_GATE_STATE`, else `$XDG_STATE_HOME/inference-gate`, else `~/.local/state/inference-gate`. */
export function stateFolder(env: { readonly [name: string]: string | undefined }): string {
  const own = env.INFERENCE_GATE_STATE ?? "";
  if (own !== "") return resolve(own);
  // The specification says that a relative path is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  const xdg = env.XDG_STATE_HOME ?? "";
  return join(isAbsolute(xdg) ? xdg : join(homedir(), ".local", "state"), "inference-gate");
}
