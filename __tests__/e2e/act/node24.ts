/** Node 24, which GitHub's runner brings for script steps: from the cache that `.ci/run` fills, fetched when it is not there. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../../src/demo/cache-folder.ts";

/** Absolute path of the binary. */
export function node24(): string {
  const folder = join(cacheFolder(process.env), "node24");
  const binary = join(folder, "node_modules", "node", "bin", "node");
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const words = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "node@24"];
  const { status, stderr } = spawnSync("npm", words, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return binary;
}
