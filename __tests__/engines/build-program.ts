/** Builds the program of the scripted engine, as `npm run build` does, into a folder of the test. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const program = `
import { bundle, faces } from "./scripts/bundle.mjs";
await bundle(process.cwd(), process.argv[1], faces.filter(({ file }) => file === "scripted-engine.mjs"));
`;

/** Absolute path of the program. */
export function buildProgram(folder: string): string {
  const built = join(folder, "dist");
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program, built], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return join(built, "scripted-engine.mjs");
}
