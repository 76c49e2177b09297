/** Builds both bundles as `npm run build` does, into a folder of the test, so that no test depends on a stale `dist/`. */
import { spawnSync } from "node:child_process";

const program = `
import { bundle } from "./scripts/bundle.mjs";
await bundle(process.cwd(), process.argv[1]);
`;

/** Throws with what the build said when it fails. */
export function buildBundles(folder: string): void {
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program, folder], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}
