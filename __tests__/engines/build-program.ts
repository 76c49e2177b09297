/** Builds the program of the scripted engine, as scripts/build-scripted.mjs does, into a folder of the test. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export async function buildProgram(folder: string): Promise<string> {
  const outfile = join(folder, "scripted-engine.mjs");
  const built = spawnSync(process.execPath, ["scripts/build-scripted.mjs", outfile], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stderr);
  return outfile;
}
