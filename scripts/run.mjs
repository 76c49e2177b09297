// Runs a TypeScript file of this project on any supported Node: bundles it in memory-sized form with esbuild, then imports it.
import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const [file, ...args] = process.argv.slice(2);
const folder = mkdtempSync(join("node_modules", ".run-"));
const outfile = join(folder, "main.mjs");
try {
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
  });
  process.argv = [process.argv[0], resolve(file), ...args];
  await import(pathToFileURL(resolve(outfile)).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
