/** Bundles a program of this folder, so that it can be run as a real process. */
import { join } from "node:path";
import { build } from "esbuild";

/** Path of the runnable file, written into `folder`. */
export async function bundledProgram(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  const entry = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "programs", `${name}.ts`);
  await build({ entryPoints: [entry], bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
  return outfile;
}
