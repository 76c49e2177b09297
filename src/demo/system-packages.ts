/** Brings missing system packages where that needs no question: as root, on a system with apt-get. */
import { runTool, type ToolOptions } from "./run-tool.ts";

export type SystemInstall =
  | { readonly kind: "installed" }
  /** Not root, or no apt-get: the user must do it. */
  | { readonly kind: "not-possible" }
  | { readonly kind: "failed"; readonly lastLines: readonly string[] };

/** Installs Debian packages by name; the package lists are fetched first, since a minimal image has none. */
export async function installSystemPackages(
  names: readonly string[],
  onProgress: (text: string) => void,
  options: ToolOptions,
): Promise<SystemInstall> {
  const user = await runTool(["id", "-u"], options);
  if (user.stdout.trim() !== "0") return { kind: "not-possible" };
  const quiet: ToolOptions = { ...options, env: { ...options.env, DEBIAN_FRONTEND: "noninteractive" } };
  const present = await runTool(["apt-get", "--version"], quiet);
  if (!present.succeeded) return { kind: "not-possible" };
  onProgress(`Installing ${names.join(", ")} with apt-get, since this machine has none`);
  const update = await runTool(["apt-get", "update", "-q"], quiet);
  const install = await runTool(["apt-get", "install", "-q", "-y", "--no-install-recommends", ...names], quiet);
  if (install.succeeded) return { kind: "installed" };
  return { kind: "failed", lastLines: [...update.lastLines.slice(-10), ...install.lastLines] };
}
